import type { DataSource } from 'typeorm';

/**
 * Gives dead-lettered events back to the relays, with all their attempts. They are published after
 * later events of their aggregate. Resolves to their number.
 */
export async function redriveOutbox(dataSource: DataSource): Promise<number> {
  const [, count] = await dataSource.query<[unknown, number]>(
    `UPDATE outbox SET dead_lettered_at = NULL, set_aside_at = NULL, next_attempt_at = NULL,
            attempts = 0
     WHERE published_at IS NULL AND (dead_lettered_at IS NOT NULL OR set_aside_at IS NOT NULL)`,
  );
  return count;
}
