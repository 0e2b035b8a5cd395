import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The index of events without a position, which the relay assigns before it publishes them. Events
 * from before there were positions get 0, which no reader of the stream asks for: numbered now, they
 * would come after later events of their shows.
 */
export class EventPositions1765120000000 implements MigrationInterface {
  /** Built beside a sale that goes on, which cannot be done in a transaction. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE outbox SET position = 0 WHERE position IS NULL AND published_at IS NOT NULL`,
    );
    // Drops what an interrupted attempt has left.
    await runner.query(`DROP INDEX IF EXISTS outbox_unnumbered_idx`);
    await runner.query(
      `CREATE INDEX CONCURRENTLY outbox_unnumbered_idx ON outbox (aggregate_id, version)
       WHERE position IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX IF EXISTS outbox_unnumbered_idx`);
    await runner.query(`UPDATE outbox SET position = NULL WHERE position = 0`);
  }
}
