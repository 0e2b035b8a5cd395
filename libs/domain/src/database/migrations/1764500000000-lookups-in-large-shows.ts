import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isDistributed } from '../distribute.js';

/** Of how many bookings each value of a column is planned to be. */
const PLANNED = { show_id: 200, user_id: 20 };

/**
 * Whatever is asked about one booking, or about one person's bookings of a show, is to be looked up
 * in the index for it. Most shows have a few bookings, and so the planner thought that reading all
 * of a show's, by whatever index begins with the show, costs the same: true of a doctor's morning,
 * and twenty thousand rows for each request in the minute when a concert is sold.
 *
 * - The unique index of references begins with the reference now, so that a show's bookings can be
 *   read by the key of the table only. It is the same rule.
 * - Planned is as if a show had 200 bookings and a person 20, whatever the statistics count. (Citus
 *   refuses such an option of a column, and would not hand it to the shards.)
 *
 * Older processes go on beside it.
 */
export class LookupsInLargeShows1764500000000 implements MigrationInterface {
  /** Built beside a sale that goes on, which cannot be done in a transaction. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // What an attempt that was cut short has left would never be used.
    await runner.query(`DROP INDEX IF EXISTS bookings_reference_key`);
    await runner.query(
      `CREATE UNIQUE INDEX CONCURRENTLY bookings_reference_key ON bookings (reference, show_id)`,
    );
    await runner.query(`DROP INDEX IF EXISTS bookings_show_id_reference_key`);
    if (await isDistributed(runner.manager)) return;
    for (const [column, each] of Object.entries(PLANNED)) {
      await runner.query(
        `ALTER TABLE bookings ALTER COLUMN ${column} SET (n_distinct = ${-1 / each})`,
      );
    }
    await runner.query(`ANALYZE bookings`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE UNIQUE INDEX bookings_show_id_reference_key ON bookings (show_id, reference)`,
    );
    await runner.query(`DROP INDEX bookings_reference_key`);
    if (await isDistributed(runner.manager)) return;
    for (const column of Object.keys(PLANNED)) {
      await runner.query(`ALTER TABLE bookings ALTER COLUMN ${column} RESET (n_distinct)`);
    }
  }
}
