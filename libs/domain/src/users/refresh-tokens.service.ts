import { createHash, createHmac, randomBytes } from 'node:crypto';
import { IsNull, Not, type DataSource, type EntityManager } from 'typeorm';
import { newId } from '../ids/new-id.js';
import { readClock } from '../database/database-clock.js';
import { RefreshToken } from './refresh-token.entity.js';
import { User } from './user.entity.js';

/** A rotated token still leads to its successor for this long: an answer may get lost. Milliseconds. */
const GRACE_MS = 30_000;
/** No family outlives this, however often it is used. Milliseconds. */
const LONGEST_FAMILY_MS = 90 * 86_400_000;
const TOKEN_BYTES = 32;

export interface IssuedToken {
  userId: string;
  /** What the client keeps; only its hash is stored. */
  token: string;
  expiresAt: Date;
}

/** A token as it was presented or derived, with its row. */
interface Link {
  token: string;
  row: RefreshToken;
}

type Account = Pick<User, 'id' | 'passwordHash'>;
type Family = Pick<RefreshToken, 'userId' | 'familyId'> & { familyStartedAt: Date };

/**
 * Refresh tokens: rotated at every use, with the whole family revoked when a used one returns. A
 * token has one successor, whoever asks and however often: tabs and processes that present the same
 * token at once get the same answer, and an answer that got lost can be had again within the grace.
 */
export class RefreshTokensService {
  /** @param lifetimeSeconds how long a token that nobody uses stays good */
  constructor(
    private readonly dataSource: DataSource,
    private readonly lifetimeSeconds: number,
  ) {}

  /**
   * The first token of a new family, for a login. Null if the account's password is not the one any
   * more that was looked at: whoever changes it ends all sessions, this one too.
   */
  async issue({ id: userId, passwordHash }: Account): Promise<IssuedToken | null> {
    return this.dataSource.transaction(async (manager) => {
      const isCurrent = await manager.findOne(User, {
        where: { id: userId, passwordHash },
        lock: { mode: 'pessimistic_read' },
      });
      if (!isCurrent) return null;
      const now = await readClock(manager);
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const family = { userId, familyId: newId(), familyStartedAt: now };
      return { userId, token, expiresAt: await this.insert(manager, token, family, now) };
    });
  }

  /** Exchanges a token for its successor. Null if it is unknown, expired, revoked or was used before. */
  async rotate(token: string): Promise<IssuedToken | null> {
    return this.dataSource.transaction(async (manager) => {
      const row = await lock(manager, token);
      if (!row) return null;
      const now = await readClock(manager);
      if (row.expiresAt <= now || (await isFamilyRevoked(manager, row.familyId))) return null;
      if (row.rotatedAt && now.getTime() - row.rotatedAt.getTime() > GRACE_MS) {
        await manager.update(RefreshToken, { id: row.id }, { revokedAt: now });
        return null;
      }
      const familyStartedAt = row.familyStartedAt ?? (await startOfFamily(manager, row.familyId));
      if (familyStartedAt.getTime() + LONGEST_FAMILY_MS <= now.getTime()) return null;
      return this.succeed(manager, { token, row }, familyStartedAt, now);
    });
  }

  /** Ends the family of the token, hence the session on every tab. */
  async revoke(token: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const found = await lock(manager, token);
      if (!found) return;
      await manager.update(RefreshToken, { id: found.id }, { revokedAt: await readClock(manager) });
    });
  }

  /**
   * Walks to the newest token of the chain and rotates the presented one. A token further on may have
   * been rotated too, while the answer to the presented one was on its way.
   */
  private async succeed(
    manager: EntityManager,
    link: Link,
    familyStartedAt: Date,
    now: Date,
  ): Promise<IssuedToken> {
    const { userId, familyId } = link.row;
    for (;;) {
      const successor = await successorOf(manager, link, now);
      const row = await lock(manager, successor);
      if (!row) {
        const family = { userId, familyId, familyStartedAt };
        const expiresAt = await this.insert(manager, successor, family, now);
        return { userId, token: successor, expiresAt };
      }
      if (!row.rotatedAt) return { userId, token: successor, expiresAt: row.expiresAt };
      link = { token: successor, row };
    }
  }

  private async insert(
    manager: EntityManager,
    token: string,
    family: Family,
    now: Date,
  ): Promise<Date> {
    const ends = Math.min(
      now.getTime() + this.lifetimeSeconds * 1_000,
      family.familyStartedAt.getTime() + LONGEST_FAMILY_MS,
    );
    const expiresAt = new Date(ends);
    await manager.insert(RefreshToken, {
      id: newId(),
      ...family,
      tokenHash: hashOf(token),
      expiresAt,
    });
    return expiresAt;
  }
}

/**
 * Derived from the token, which is stored nowhere, and a salt in its row, which nobody outside knows:
 * neither a copy of the database nor a stolen token is enough to foresee it.
 */
async function successorOf(
  manager: EntityManager,
  { token, row }: Link,
  now: Date,
): Promise<string> {
  const salt = row.successorSalt ?? randomBytes(TOKEN_BYTES);
  // A token that the release before rotated has no salt yet.
  if (!row.successorSalt) {
    const rotatedAt = row.rotatedAt ?? now;
    await manager.update(RefreshToken, { id: row.id }, { rotatedAt, successorSalt: salt });
  }
  return createHmac('sha256', salt).update(token).digest('base64url');
}

function lock(manager: EntityManager, token: string): Promise<RefreshToken | null> {
  return manager.findOne(RefreshToken, {
    where: { tokenHash: hashOf(token) },
    lock: { mode: 'pessimistic_write' },
  });
}

/** One revoked token is enough, so that a successor inserted at the same moment is dead too. */
function isFamilyRevoked(manager: EntityManager, familyId: string): Promise<boolean> {
  return manager.existsBy(RefreshToken, { familyId, revokedAt: Not(IsNull()) });
}

/** By the first of its tokens, which stays as long as the family does. */
async function startOfFamily(manager: EntityManager, familyId: string): Promise<Date> {
  const first = await manager.findOneOrFail(RefreshToken, {
    where: { familyId },
    order: { createdAt: 'ASC' },
  });
  return first.createdAt;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
