import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds the events of the last seconds. A block range index costs the ledger's inserts next to
 * nothing, and rows that are only ever added lie in the order of their time.
 */
export class OutboxCreatedAt1764100000000 implements MigrationInterface {
  /** Built beside a sale that goes on, which cannot be done in a transaction. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // What an attempt that was cut short has left would never be used.
    await this.down(runner);
    await runner.query(`
      CREATE INDEX CONCURRENTLY outbox_created_at_idx ON outbox
      USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX IF EXISTS outbox_created_at_idx`);
  }
}
