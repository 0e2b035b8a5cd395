import { randomBytes, randomUUID } from 'node:crypto';

/** The original design has as many connections to PostgreSQL. */
export const CONNECTIONS = 20;

/**
 * A booking of the original design: a transaction of its own that locks the row of the show.
 *
 * @param {import('pg').ClientBase} client
 * @param {string} show
 * @param {string} user
 * @returns the booking, or null where the show is sold out
 */
export async function bookOriginally(client, show, user) {
  await client.query('BEGIN');
  const { rows } = await client.query(
    'SELECT available_slots, version FROM shows WHERE id = $1 FOR UPDATE',
    [show],
  );
  if (!rows[0] || rows[0].available_slots < 1) {
    await client.query('ROLLBACK');
    return null;
  }
  const booking = await client.query(
    `INSERT INTO bookings (show_id, id, reference, user_id, quantity, status, expires_at, version, created_at)
     VALUES ($1, $2, $3, $4, 1, 'PENDING', clock_timestamp() + interval '1 hour', $5, clock_timestamp())
     RETURNING *`,
    [show, randomUUID(), randomBytes(8).toString('hex'), user, rows[0].version + 1],
  );
  await client.query(
    `UPDATE shows SET available_slots = available_slots - 1, held_slots = held_slots + 1,
            version = version + 1
     WHERE id = $1`,
    [show],
  );
  await client.query('COMMIT');
  return booking.rows[0];
}
