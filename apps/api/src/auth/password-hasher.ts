import { overloaded } from '@modex/domain';
import { FewAtOnce } from '@modex/platform';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's minimum for argon2id, about 80 ms of one core. Memory in KiB. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const AT_ONCE = 2;
const WAITING = 16;

/**
 * argon2id, a few at a time: a crowd that signs in must not take the cores from those who book.
 * What does not fit into the short queue is refused before any work.
 */
@Injectable()
export class PasswordHasher {
  private readonly work = new FewAtOnce(AT_ONCE);
  private readonly dummy = hash('no one has this password', OPTIONS);

  /** @throws OVERLOADED */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, OPTIONS));
  }

  /**
   * @param passwordHash null if there is no such account; takes as long as if there were one
   * @throws OVERLOADED
   */
  verify(passwordHash: string | null, password: string): Promise<boolean> {
    return this.inTurn(async () => {
      const matches = await verify(passwordHash ?? (await this.dummy), password);
      return matches && passwordHash !== null;
    });
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.work.inLine >= WAITING) throw overloaded();
    return this.work.run(work);
  }
}
