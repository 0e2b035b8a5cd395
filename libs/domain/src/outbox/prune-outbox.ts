import type { DataSource } from 'typeorm';
import { readClock } from '../database/database-clock.js';

/** How long published events are kept. Days. */
export const OUTBOX_KEPT_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Deletes at most `limit` of the events that are older than what is kept, were published and
 * have a position.
 * Dead-lettered events stay until an operator deals with them. Resolves to the number.
 */
export async function pruneOutbox(dataSource: DataSource, limit: number): Promise<number> {
  const clock = await readClock(dataSource);
  const [, count] = await dataSource.query<[unknown, number]>(
    `DELETE FROM outbox WHERE (aggregate_id, id) IN (
       SELECT aggregate_id, id FROM outbox
       WHERE created_at < $1 AND published_at < $1 AND position IS NOT NULL
       LIMIT $2)`,
    [new Date(clock.getTime() - OUTBOX_KEPT_DAYS * DAY_MS), limit],
  );
  return count;
}
