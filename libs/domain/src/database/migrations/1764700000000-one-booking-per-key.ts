import type { MigrationInterface, QueryRunner } from 'typeorm';
import { encodeBookingId } from '../../bookings/booking-id.js';
import { isUniqueViolation } from '../database-errors.js';
import { isDistributed } from '../distribute.js';

const INDEX = 'bookings_user_id_idempotency_key';
/** An older release beside it may book one key twice while the index is built. */
const MAX_ATTEMPTS = 5;

interface RepeatedKey {
  show_id: string;
  id: string;
  user_id: string;
}

/**
 * An idempotency key makes one booking of its account, whichever shows it is sent to at once. Where
 * one has made several, the oldest keeps it, and the others lose it and are listed.
 *
 * Older releases run on beside it: where the index refuses one of their bookings, they run its batch
 * again, find the key and answer 422. A distributed database cannot have the index.
 */
export class OneBookingPerKey1764700000000 implements MigrationInterface {
  /** Built beside a sale that goes on, which cannot be done in a transaction. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    if (await isDistributed(runner.manager)) return;
    for (let attempt = 1; ; attempt++) {
      // What an attempt that was cut short has left would never be used.
      await this.down(runner);
      await removeRepeatedKeys(runner);
      try {
        await runner.query(
          `CREATE UNIQUE INDEX CONCURRENTLY ${INDEX} ON bookings (user_id, idempotency_key)
           WHERE idempotency_key IS NOT NULL`,
        );
        return;
      } catch (error) {
        if (!isUniqueViolation(error) || attempt >= MAX_ATTEMPTS) throw error;
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX IF EXISTS ${INDEX}`);
  }
}

/** One row a statement: whoever books meanwhile waits for none of the others, and none for them. */
async function removeRepeatedKeys(runner: QueryRunner): Promise<void> {
  const repeated = (await runner.query(
    `SELECT show_id, id, user_id FROM (
       SELECT show_id, id, user_id,
              row_number() OVER (PARTITION BY user_id, idempotency_key ORDER BY created_at, id) AS n
       FROM bookings WHERE idempotency_key IS NOT NULL
     ) AS keyed
     WHERE n > 1`,
  )) as RepeatedKey[];
  for (const { show_id: showId, id, user_id: userId } of repeated) {
    await runner.query(
      `UPDATE bookings SET idempotency_key = NULL, request_hash = NULL
       WHERE show_id = $1 AND id = $2`,
      [showId, id],
    );
    process.stdout.write(
      `The booking ${encodeBookingId({ showId, bookingId: id })} of the account ${userId} lost its ` +
        'idempotency key, which an older booking of that account has too.\n',
    );
  }
}
