import type { EntityManager } from 'typeorm';
import { Show } from '../shows/show.entity.js';
import type { UnitOfWork } from './unit-of-work.js';
import { onItsShards, type ShardingSettings } from './on-its-shards.js';
import type { ShowAccount } from './show-account.js';

/**
 * Writes the changes of a batch: one multi-row statement per kind, all sent together, since no
 * statement needs the result of another. Rows are one JSON parameter, or one array per column where
 * the planner needs their number; so the SQL is the same for one row and for a thousand. Inserted
 * rows are joined with their locked show, so that Citus routes the statement to the show's shard.
 * (Without the join Citus copies the rows, and reports every error in a row as XX000.)
 */
export async function persistUnitOfWork(
  manager: EntityManager,
  work: UnitOfWork,
  settings: ShardingSettings,
): Promise<void> {
  const accounts = work.touchedAccounts();
  if (accounts.length === 0) return;
  await Promise.all([
    updateCounters(manager, accounts),
    insertBookings(manager, accounts, settings),
    updateBookings(manager, accounts, settings),
    // Before the show is deleted, because the events are joined with it.
    insertEvents(manager, accounts, work.clock),
    ...accounts.map((account) => editShow(manager, account)),
  ]);
}

async function updateCounters(manager: EntityManager, accounts: ShowAccount[]): Promise<void> {
  await manager.query(
    `UPDATE shows SET available_slots = row.available_slots, held_slots = row.held_slots,
            version = row.version, total_slots = row.total_slots
     FROM jsonb_to_recordset($2::jsonb) AS row
       (id uuid, available_slots int, held_slots int, version int, total_slots int)
     WHERE shows.id = ANY($1) AND shows.id = row.id`,
    [
      showIds(accounts),
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
}

async function insertBookings(
  manager: EntityManager,
  accounts: ShowAccount[],
  { sharded }: ShardingSettings,
): Promise<void> {
  const created = accounts.flatMap((account) => [...account.created]);
  if (created.length === 0) return;
  // Two batches with the same keys insert them in the same order, so they cannot deadlock.
  const keyed = created.filter(({ idempotencyKey }) => idempotencyKey !== null).length;
  const order = keyed > 1 && !sharded ? `ORDER BY "userId", "idempotencyKey" COLLATE "C"` : '';
  await insertAll(
    manager,
    created.length,
    `INSERT INTO bookings (show_id, id, reference, user_id, customer_name, customer_email,
       customer_phone, quantity, status, cancel_reason, expires_at, confirmed_at, cancelled_at,
       version, idempotency_key, request_hash, created_at, given_back_at)
     SELECT shows.id, row.id, row.reference, "userId", "customerName", "customerEmail", "customerPhone",
       row.quantity, row.status, "cancelReason", "expiresAt", "confirmedAt", "cancelledAt",
       row.version, "idempotencyKey", "requestHash", "createdAt", "givenBackAt"
     FROM shows, jsonb_to_recordset($2::jsonb) AS row
       ("showId" uuid, id uuid, reference text, "userId" uuid, "customerName" text,
        "customerEmail" text, "customerPhone" text, quantity int, status booking_status,
        "cancelReason" booking_cancel_reason, "expiresAt" timestamptz, "confirmedAt" timestamptz,
        "cancelledAt" timestamptz, version int, "idempotencyKey" text, "requestHash" text,
        "createdAt" timestamptz, "givenBackAt" timestamptz)
     WHERE shows.id = ANY($1) AND shows.id = row."showId" ${order}`,
    [showIds(accounts), JSON.stringify(created)],
  );
}

async function updateBookings(
  manager: EntityManager,
  accounts: ShowAccount[],
  settings: ShardingSettings,
): Promise<void> {
  const changed = accounts.flatMap((account) => [...account.changed]);
  if (changed.length === 0) return;
  const bookings = changed.map(([booking]) => booking);
  const [, count] = await manager.query<[unknown, number]>(
    `UPDATE bookings SET status = row.status, cancel_reason = row.cancel_reason,
            confirmed_at = row.confirmed_at, cancelled_at = row.cancelled_at,
            quantity = row.quantity, version = row.version, given_back_at = row.given_back_at
     FROM unnest($1::uuid[], $2::uuid[], $3::booking_status[], $4::booking_status[],
            $5::booking_cancel_reason[], $6::timestamptz[], $7::timestamptz[], $8::int[], $9::int[],
            $10::timestamptz[])
       AS row (show_id, id, "from", status, cancel_reason, confirmed_at, cancelled_at, quantity,
               version, given_back_at)
     WHERE ${onItsShards('bookings.show_id', settings)} bookings.show_id = row.show_id
       AND bookings.id = row.id AND bookings.status = row."from"`,
    [
      bookings.map(({ showId }) => showId),
      bookings.map(({ id }) => id),
      changed.map(([, from]) => from),
      bookings.map(({ status }) => status),
      bookings.map(({ cancelReason }) => cancelReason),
      bookings.map(({ confirmedAt }) => confirmedAt),
      bookings.map(({ cancelledAt }) => cancelledAt),
      bookings.map(({ quantity }) => quantity),
      bookings.map(({ version }) => version),
      bookings.map(({ givenBackAt }) => givenBackAt),
    ],
  );
  // The lock protects these rows: a miss means that something wrote them without it.
  if (count !== changed.length) {
    throw new Error(`${changed.length - count} bookings were changed without the show's lock`);
  }
}

async function editShow(manager: EntityManager, account: ShowAccount): Promise<void> {
  const { show, edited, deleted } = account;
  if (deleted) await manager.delete(Show, { id: show.id });
  else if (edited) await manager.update(Show, { id: show.id }, edited);
}

async function insertEvents(
  manager: EntityManager,
  accounts: ShowAccount[],
  clock: Date,
): Promise<void> {
  const events = accounts.flatMap((account) => account.events);
  await insertAll(
    manager,
    events.length,
    `INSERT INTO outbox (aggregate_id, id, version, type, payload, trace_parent, created_at)
     SELECT shows.id, row.id, row.version, row.type, row.payload, row."traceParent", $3::timestamptz
     FROM shows, jsonb_to_recordset($2::jsonb) AS row
       ("aggregateId" uuid, id uuid, version int, type text, payload jsonb, "traceParent" text)
     WHERE shows.id = ANY($1) AND shows.id = row."aggregateId"`,
    [showIds(accounts), JSON.stringify(events), clock],
  );
}

/** @throws if a row found no show to join with, which would lose it silently */
async function insertAll(
  manager: EntityManager,
  count: number,
  statement: string,
  parameters: unknown[],
): Promise<void> {
  // Only this form of `query` returns the number of inserted rows.
  const { affected } = await manager.queryRunner!.query(statement, parameters, true);
  if (affected !== count) {
    throw new Error(`${count - (affected ?? 0)} rows found no show to be inserted for`);
  }
}

function showIds(accounts: readonly ShowAccount[]): string[] {
  return accounts.map(({ show }) => show.id);
}
