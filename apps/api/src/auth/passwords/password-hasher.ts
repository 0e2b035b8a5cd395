import { availableParallelism } from 'node:os';
import { overloaded } from '@modex/domain';
import { DutyCycle } from '@modex/platform';
import { Injectable } from '@nestjs/common';
import { HashingThread } from './hashing-thread.js';
import { normalisePassword } from './password-rules.js';

/** One core's worth, and never more than this share of the machine's. */
const SHARE_OF_CORES = 0.25;
const MAX_QUEUED = 16;

/** One attempt at a password, as its limit counts it. Attempts run one after the other. */
export interface Attempt {
  /** @throws when the limit is reached */
  begin(): Promise<void>;
  end(succeeded: boolean): Promise<void>;
}

/** `outdated`: right, but the stored hash is to be made anew. */
export type Verdict = 'wrong' | 'right' | 'outdated';

/**
 * argon2id on a share of the cores, so that many sign-ins at once do not slow down bookings. The
 * queues are short; when one is full, the attempt is shed before any work.
 */
@Injectable()
export class PasswordHasher {
  private readonly work = new DutyCycle(Math.min(1, availableParallelism() * SHARE_OF_CORES));
  private readonly argon2 = new HashingThread();
  private readonly dummy = this.argon2.hash('no one has this password');

  /** @throws OVERLOADED */
  hash(password: string): Promise<string> {
    return this.queue(() => this.argon2.hash(normalisePassword(password)), false);
  }

  /**
   * @param passwordHash null if there is no such account; takes as long as if there were one
   * @param goesFirst for a known device
   * @throws OVERLOADED, and what the attempt throws
   */
  verify(
    passwordHash: string | null,
    password: string,
    attempt: Attempt,
    goesFirst: boolean,
  ): Promise<Verdict> {
    return this.queue(async () => {
      await attempt.begin();
      const verdict = await this.compare(passwordHash, password);
      await attempt.end(verdict !== 'wrong');
      return verdict;
    }, goesFirst);
  }

  private async compare(passwordHash: string | null, password: string): Promise<Verdict> {
    const isUsable = passwordHash?.startsWith('$argon2') ?? false;
    const stored = isUsable ? passwordHash! : await this.dummy;
    const normal = normalisePassword(password);
    if (await this.argon2.verify(stored, normal)) return isUsable ? 'right' : 'wrong';
    // Hashes from before passwords were normalised.
    if (normal === password || !(await this.argon2.verify(stored, password))) return 'wrong';
    return isUsable ? 'outdated' : 'wrong';
  }

  private async queue<Result>(work: () => Promise<Result>, goesFirst: boolean): Promise<Result> {
    if (this.work.waiting(goesFirst) >= MAX_QUEUED) throw overloaded();
    return this.work.run(work, goesFirst);
  }
}
