import { createHash, randomBytes } from 'node:crypto';
import { IsNull, Not, type DataSource, type EntityManager } from 'typeorm';
import { newId } from '../ids/new-id.js';
import { readClock } from '../database/database-clock.js';
import { RefreshToken } from './refresh-token.entity.js';

/** A rotated token may be used again for this long: two tabs may refresh at once. Milliseconds. */
const GRACE_MS = 10_000;
const TOKEN_BYTES = 32;

export interface IssuedToken {
  userId: string;
  /** What the client keeps; only its hash is stored. */
  token: string;
  expiresAt: Date;
}

/** Refresh tokens: rotated at every use, with the whole family revoked when a used one returns. */
export class RefreshTokensService {
  /** @param lifetimeSeconds how long a token that nobody uses stays good */
  constructor(
    private readonly dataSource: DataSource,
    private readonly lifetimeSeconds: number,
  ) {}

  /** The first token of a new family, for a login. */
  issue(userId: string): Promise<IssuedToken> {
    return this.insert(this.dataSource.manager, userId, newId(), new Date());
  }

  /** Exchanges a token for its successor. Null if it is unknown, expired, revoked or was used before. */
  async rotate(token: string): Promise<IssuedToken | null> {
    return this.dataSource.transaction(async (manager) => {
      const found = await this.lock(manager, token);
      if (!found) return null;
      const now = await readClock(manager);
      if (found.expiresAt <= now || (await isFamilyRevoked(manager, found.familyId))) return null;
      if (found.rotatedAt && now.getTime() - found.rotatedAt.getTime() > GRACE_MS) {
        await manager.update(RefreshToken, { id: found.id }, { revokedAt: now });
        return null;
      }
      if (!found.rotatedAt)
        await manager.update(RefreshToken, { id: found.id }, { rotatedAt: now });
      return this.insert(manager, found.userId, found.familyId, now);
    });
  }

  /** Ends the family of the token, hence the session on every tab. */
  async revoke(token: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const found = await this.lock(manager, token);
      if (!found) return;
      await manager.update(RefreshToken, { id: found.id }, { revokedAt: await readClock(manager) });
    });
  }

  private lock(manager: EntityManager, token: string): Promise<RefreshToken | null> {
    return manager.findOne(RefreshToken, {
      where: { tokenHash: hashOf(token) },
      lock: { mode: 'pessimistic_write' },
    });
  }

  private async insert(
    manager: EntityManager,
    userId: string,
    familyId: string,
    now: Date,
  ): Promise<IssuedToken> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const expiresAt = new Date(now.getTime() + this.lifetimeSeconds * 1_000);
    await manager.insert(RefreshToken, {
      id: newId(),
      userId,
      familyId,
      tokenHash: hashOf(token),
      expiresAt,
    });
    return { userId, token, expiresAt };
  }
}

/** One revoked token is enough, so that a successor inserted at the same moment is dead too. */
function isFamilyRevoked(manager: EntityManager, familyId: string): Promise<boolean> {
  return manager.existsBy(RefreshToken, { familyId, revokedAt: Not(IsNull()) });
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
