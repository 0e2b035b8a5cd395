import type { EntityManager } from 'typeorm';
import { Show } from '../../shows/show.entity.js';
import type { Books } from './books.js';

/**
 * Writes what the batch decided, one multi-row statement a kind. Rows travel as one JSON
 * parameter, so that the statements are the same for one row and for a thousand.
 */
export async function writeBooks(manager: EntityManager, books: Books): Promise<void> {
  const accounts = books.touchedAccounts();
  if (accounts.length === 0) return;
  const showIds = accounts.map((account) => account.show.id);

  await manager.query(
    `UPDATE shows SET available_slots = row.available_slots, held_slots = row.held_slots,
            version = row.version, total_slots = row.total_slots
     FROM jsonb_to_recordset($2::jsonb) AS row
       (id uuid, available_slots int, held_slots int, version int, total_slots int)
     WHERE shows.id = ANY($1) AND shows.id = row.id`,
    [
      showIds,
      JSON.stringify(
        accounts.map(({ show }) => ({
          id: show.id,
          available_slots: show.availableSlots,
          held_slots: show.heldSlots,
          version: show.version,
          total_slots: show.totalSlots,
        })),
      ),
    ],
  );

  const created = accounts.flatMap((account) => [...account.created]);
  if (created.length > 0) {
    await manager.query(
      `INSERT INTO bookings (show_id, id, reference, user_id, customer_name, customer_email,
         customer_phone, quantity, status, cancel_reason, expires_at, confirmed_at, cancelled_at,
         version, idempotency_key, request_hash, created_at)
       SELECT "showId", id, reference, "userId", "customerName", "customerEmail", "customerPhone",
         quantity, status, "cancelReason", "expiresAt", "confirmedAt", "cancelledAt",
         version, "idempotencyKey", "requestHash", "createdAt"
       FROM jsonb_to_recordset($1::jsonb) AS row
         ("showId" uuid, id uuid, reference text, "userId" uuid, "customerName" text,
          "customerEmail" text, "customerPhone" text, quantity int, status booking_status,
          "cancelReason" booking_cancel_reason, "expiresAt" timestamptz, "confirmedAt" timestamptz,
          "cancelledAt" timestamptz, version int, "idempotencyKey" text, "requestHash" text,
          "createdAt" timestamptz)`,
      [JSON.stringify(created)],
    );
  }

  const changed = accounts.flatMap((account) => [...account.changed]);
  if (changed.length > 0) {
    const [, count] = await manager.query<[unknown, number]>(
      `UPDATE bookings SET status = row.status, cancel_reason = row."cancelReason",
              confirmed_at = row."confirmedAt", cancelled_at = row."cancelledAt",
              quantity = row.quantity, version = row.version
       FROM jsonb_to_recordset($2::jsonb) AS row
         ("showId" uuid, id uuid, "from" booking_status, status booking_status,
          "cancelReason" booking_cancel_reason, "confirmedAt" timestamptz,
          "cancelledAt" timestamptz, quantity int, version int)
       WHERE bookings.show_id = ANY($1) AND bookings.show_id = row."showId"
         AND bookings.id = row.id AND bookings.status = row."from"`,
      [showIds, JSON.stringify(changed.map(([booking, from]) => ({ ...booking, from })))],
    );
    // Under the lock nobody else can have moved them: a miss means that somebody wrote without it.
    if (count !== changed.length) {
      throw new Error(`${changed.length - count} bookings were changed behind the ledger's back`);
    }
  }

  for (const { show, edited, deleted } of accounts) {
    if (deleted) await manager.delete(Show, { id: show.id });
    else if (edited) await manager.update(Show, { id: show.id }, edited);
  }

  await manager.query(
    `INSERT INTO outbox (aggregate_id, id, version, type, payload, created_at)
     SELECT "aggregateId", id, version, type, payload, $2
     FROM jsonb_to_recordset($1::jsonb) AS row
       ("aggregateId" uuid, id uuid, version int, type text, payload jsonb)`,
    [JSON.stringify(accounts.flatMap((account) => account.entries)), books.clock],
  );
}
