import type { DataSource } from 'typeorm';

/**
 * Gives facts that were given up to the relays again, with all their attempts. Those of one
 * aggregate come after what was published of it since. Resolves to their number.
 */
export async function retrySetAside(dataSource: DataSource): Promise<number> {
  const [, count] = await dataSource.query<[unknown, number]>(
    `UPDATE outbox SET set_aside_at = NULL, next_attempt_at = NULL, attempts = 0
     WHERE published_at IS NULL AND set_aside_at IS NOT NULL`,
  );
  return count;
}
