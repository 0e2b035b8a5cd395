import type { DataSource } from 'typeorm';
import { readClock } from '../database/database-clock.js';

/**
 * Deletes at most `limit` refresh tokens of sessions that have ended: all tokens of their family have
 * expired. One that is revoked must outlast its successors, which are dead by it. Resolves to the
 * number. In a fixed order: each node of a distributed database has a copy of this table, chooses
 * by itself, and must choose the same.
 */
export async function pruneRefreshTokens(dataSource: DataSource, limit: number): Promise<number> {
  const clock = await readClock(dataSource);
  const [, count] = await dataSource.query<[unknown, number]>(
    `DELETE FROM refresh_tokens WHERE id IN (
       SELECT id FROM refresh_tokens AS token
       WHERE expires_at < $1 AND NOT EXISTS (
         SELECT FROM refresh_tokens
         WHERE family_id = token.family_id AND expires_at >= $1)
       ORDER BY id LIMIT $2)`,
    [clock, limit],
  );
  return count;
}
