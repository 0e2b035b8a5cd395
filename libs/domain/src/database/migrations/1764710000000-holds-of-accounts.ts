import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * For the limits of what one account holds (decision 33): what it holds, of all shows, and when it
 * last gave back slots of a show that it had only held. The indexes have the few rows that this is
 * true of. Older releases go on beside it; what is given back through them is not counted.
 */
export class HoldsOfAccounts1764710000000 implements MigrationInterface {
  /** Built beside a sale that goes on, which cannot be done in a transaction. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE bookings ADD COLUMN IF NOT EXISTS given_back_at timestamptz`);
    // What an attempt that was cut short has left would never be used.
    await dropIndexes(runner);
    await runner.query(
      `CREATE INDEX CONCURRENTLY bookings_given_back_idx
       ON bookings (show_id, user_id, given_back_at) WHERE given_back_at IS NOT NULL`,
    );
    await runner.query(
      `CREATE INDEX CONCURRENTLY bookings_held_idx
       ON bookings (user_id, show_id) WHERE status NOT IN ('CONFIRMED', 'CANCELLED')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIndexes(runner);
    await runner.query(`ALTER TABLE bookings DROP COLUMN given_back_at`);
  }
}

async function dropIndexes(runner: QueryRunner): Promise<void> {
  await runner.query(`DROP INDEX IF EXISTS bookings_given_back_idx`);
  await runner.query(`DROP INDEX IF EXISTS bookings_held_idx`);
}
