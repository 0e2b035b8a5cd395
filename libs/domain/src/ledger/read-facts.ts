import { In, type EntityManager } from 'typeorm';
import { entityOfRow } from '../database/entity-of-row.js';
import { OutboxEvent } from '../outbox/outbox-event.entity.js';
import type { Show } from '../shows/show.entity.js';
import { Booking } from '../bookings/booking.entity.js';
import { isShort, MOST_GIVEN_BACK } from '../bookings/hold-limits.js';
import { append, Facts, MAX_RELEASED_PER_SHOW, pair, type FactRequests } from './facts.js';
import { onItsShards, type ShardingSettings } from './on-its-shards.js';

/**
 * Reads what was asked for, one statement a kind, all sent together. Each runs after the lock and so
 * sees what the lock waited for. Whatever is about one booking or one person is looked up by its
 * index, however many bookings the show has and whatever the statistics say of it.
 *
 * @param clock the transaction's one clock value, read after the lock
 */
export async function readFacts(
  manager: EntityManager,
  clock: Date,
  requests: FactRequests,
  shows: ReadonlyMap<string, Show>,
  settings: ShardingSettings,
): Promise<Facts> {
  const facts = new Facts();
  const reader = new FactReader(manager, facts, requests, settings);
  const { limits, short } = lapsedHoldsNeeded(requests, shows);
  const holders = [...requests.holders.values()];
  const shortHolders = holders.filter(({ showId }) => mayBeShort(showId, shows, requests));
  await Promise.all([
    reader.bookings(),
    reader.bookingsByKey(),
    reader.activeBookings(),
    reader.events(),
    reader.histories(),
    reader.slotsOfUsers(
      clock,
      requests.users.filter(({ showId }) => mayHaveLimit(showId, shows, requests)),
    ),
    reader.heldSlots(clock, holders),
    reader.givenBack(clock, shortHolders),
    reader.lapsedSlots(clock, [...new Set(shortHolders.map(({ showId }) => showId))]),
    reader.lapsedHolds(clock, limits),
    reader.nextReleases(clock, short),
  ]);
  return facts;
}

/**
 * Of the holds of one user, written as the predicate of `bookings_held_idx`. For "= 'PENDING'" and a
 * time PostgreSQL reads all holds of all users by `bookings_pending_idx`, whenever its statistics are
 * of a moment when few were held.
 */
const HELD = `status NOT IN ('CONFIRMED', 'CANCELLED')`;

interface UserOfShow {
  show_id: string;
  user_id: string;
  lapsed: number;
  returned: number;
  last_at: Date;
}

/** Each method is a statement, if there is something to ask for. */
class FactReader {
  /** The shows in `$1`. */
  private readonly onItsShards: string;

  constructor(
    private readonly manager: EntityManager,
    private readonly facts: Facts,
    private readonly requests: FactRequests,
    private readonly settings: ShardingSettings,
  ) {
    this.onItsShards = onItsShards('show_id', settings);
  }

  async bookings(): Promise<void> {
    const { bookings } = this.requests;
    if (bookings.length === 0) return;
    await this.readBookings(
      `SELECT found.* FROM unnest($1::uuid[], $2::uuid[]) AS wanted (show_id, id)
       CROSS JOIN LATERAL (
         SELECT * FROM bookings
         WHERE ${this.onItsShards} show_id = wanted.show_id AND id = wanted.id
         LIMIT 1
       ) found`,
      [bookings.map((each) => each.showId), bookings.map((each) => each.bookingId)],
    );
  }

  async bookingsByKey(): Promise<void> {
    const { keys } = this.requests;
    const acrossShows = this.settings.idempotencyAcrossShows;
    if (keys.length === 0) return;
    const found = await this.readBookings(
      `SELECT found.* FROM unnest($1::uuid[], $2::text[]) AS wanted (user_id, key)
       CROSS JOIN LATERAL (
         SELECT * FROM bookings
         WHERE user_id = wanted.user_id AND idempotency_key = wanted.key
           ${acrossShows ? '' : 'AND show_id = ANY($3)'}
         LIMIT 1
       ) found`,
      [
        keys.map((each) => each.userId),
        keys.map((each) => each.key),
        ...(acrossShows ? [] : [keys.map((each) => each.showId)]),
      ],
    );
    for (const booking of found) {
      this.facts.bookingsByKey.set(pair(booking.userId, booking.idempotencyKey ?? ''), booking);
    }
  }

  async slotsOfUsers(clock: Date, users: FactRequests['users']): Promise<void> {
    if (users.length === 0) return;
    const sums = await this.manager.query<{ show_id: string; user_id: string; slots: number }[]>(
      `SELECT wanted.show_id, wanted.user_id, sum.slots
       FROM unnest($1::uuid[], $2::uuid[]) AS wanted (show_id, user_id)
       CROSS JOIN LATERAL (
         SELECT coalesce(sum(quantity), 0)::int AS slots FROM bookings
         WHERE ${this.onItsShards} show_id = wanted.show_id AND user_id = wanted.user_id
           AND status <> 'CANCELLED' AND (status = 'CONFIRMED' OR expires_at > $3)
       ) sum`,
      [users.map((each) => each.showId), users.map((each) => each.userId), clock],
    );
    for (const sum of sums) this.facts.slotsOfUser.set(pair(sum.show_id, sum.user_id), sum.slots);
  }

  /** Those who hold something: most of a batch do not. */
  async heldSlots(clock: Date, users: FactRequests['users']): Promise<void> {
    if (users.length === 0) return;
    const { sharded } = this.settings;
    const found = await this.manager.query<{ user_id: string; slots: number }[]>(
      `SELECT wanted.user_id, held.slots FROM unnest($1::uuid[]) AS wanted (user_id)
       CROSS JOIN LATERAL (
         SELECT sum(quantity) FILTER (WHERE expires_at > $2)::int AS slots FROM bookings
         WHERE ${sharded ? 'show_id = ANY($3) AND' : ''} user_id = wanted.user_id AND ${HELD}
       ) held
       WHERE held.slots IS NOT NULL`,
      [
        [...new Set(users.map((each) => each.userId))],
        clock,
        ...(sharded ? [[...new Set(users.map((each) => each.showId))]] : []),
      ],
    );
    for (const { user_id, slots } of found) this.facts.heldSlotsOfUser.set(user_id, slots);
  }

  /** By those who gave back something, in time or by letting it lapse. */
  async givenBack(clock: Date, users: FactRequests['users']): Promise<void> {
    if (users.length === 0) return;
    const ofUser = `${this.onItsShards} show_id = wanted.show_id AND user_id = wanted.user_id`;
    const found = await this.manager.query<UserOfShow[]>(
      `SELECT wanted.show_id, wanted.user_id, newest.lapsed + late.lapsed AS lapsed,
              newest.returned, greatest(newest.last_at, late.last_at) AS last_at
       FROM unnest($1::uuid[], $2::uuid[]) AS wanted (show_id, user_id)
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE is_lapsed)::int AS lapsed,
                count(*) FILTER (WHERE NOT is_lapsed)::int AS returned,
                max(given_back_at) AS last_at
         FROM (
           SELECT given_back_at, cancel_reason IS NOT DISTINCT FROM 'EXPIRED' AS is_lapsed
           FROM bookings
           WHERE ${ofUser} AND given_back_at IS NOT NULL
             AND (status <> 'PENDING' OR expires_at > $3)
           ORDER BY given_back_at DESC
           LIMIT ${MOST_GIVEN_BACK}
         ) each
       ) newest
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE expires_at <= $3)::int AS lapsed,
                max(expires_at) FILTER (WHERE expires_at <= $3) AS last_at
         FROM bookings WHERE ${ofUser} AND ${HELD}
       ) late
       WHERE newest.last_at IS NOT NULL OR late.last_at IS NOT NULL`,
      [users.map((each) => each.showId), users.map((each) => each.userId), clock],
    );
    for (const { show_id, user_id, lapsed, returned, last_at } of found) {
      const givenBack = { lapsed, returned, lastAt: last_at };
      this.facts.givenBack.set(pair(show_id, user_id), givenBack);
    }
  }

  async lapsedSlots(clock: Date, showIds: readonly string[]): Promise<void> {
    if (showIds.length === 0) return;
    const found = await this.manager.query<{ show_id: string; slots: number }[]>(
      `SELECT show.id AS show_id, lapsed.slots FROM unnest($1::uuid[]) AS show (id)
       CROSS JOIN LATERAL (
         SELECT coalesce(sum(quantity), 0)::int AS slots FROM (
           SELECT quantity FROM bookings
           WHERE ${this.onItsShards} show_id = show.id AND status = 'PENDING' AND expires_at <= $2
           LIMIT ${MAX_RELEASED_PER_SHOW}
         ) hold
       ) lapsed`,
      [showIds, clock],
    );
    for (const { show_id, slots } of found) this.facts.lapsedSlots.set(show_id, slots);
  }

  /** @param limits the most to read of each show */
  async lapsedHolds(clock: Date, limits: ReadonlyMap<string, number>): Promise<void> {
    if (limits.size === 0) return;
    const found = await this.readBookings(
      `SELECT hold.* FROM unnest($1::uuid[], $2::int[]) AS show (id, most)
       CROSS JOIN LATERAL (
         SELECT * FROM bookings
         WHERE ${this.onItsShards} show_id = show.id AND status = 'PENDING' AND expires_at <= $3
         ORDER BY expires_at
         LIMIT show.most
       ) hold`,
      [[...limits.keys()], [...limits.values()], clock],
    );
    for (const hold of found) append(this.facts.lapsedHolds, hold.showId, hold);
  }

  async nextReleases(clock: Date, showIds: readonly string[]): Promise<void> {
    if (showIds.length === 0) return;
    const found = await this.manager.query<{ show_id: string; at: Date }[]>(
      `SELECT show.id AS show_id, hold.at FROM unnest($1::uuid[]) AS show (id)
       CROSS JOIN LATERAL (
         SELECT expires_at AS at FROM bookings
         WHERE ${this.onItsShards} show_id = show.id AND status = 'PENDING' AND expires_at > $2
         ORDER BY expires_at
         LIMIT 1
       ) hold`,
      [showIds, clock],
    );
    for (const { show_id, at } of found) this.facts.nextReleaseAt.set(show_id, at);
  }

  async activeBookings(): Promise<void> {
    const showIds = [...this.requests.cancellations];
    if (showIds.length === 0) return;
    const found = await this.readBookings(
      `SELECT booking.* FROM unnest($1::uuid[]) AS show (id)
       CROSS JOIN LATERAL (
         SELECT * FROM bookings
         WHERE ${this.onItsShards} show_id = show.id AND status <> 'CANCELLED'
         LIMIT ${MAX_RELEASED_PER_SHOW}
       ) booking`,
      [showIds],
    );
    for (const booking of found) append(this.facts.activeBookings, booking.showId, booking);
  }

  async events(): Promise<void> {
    const { events } = this.requests;
    if (events.length === 0) return;
    const found = await this.manager.findBy(OutboxEvent, {
      aggregateId: In(events.map((each) => each.showId)),
      id: In(events.map((each) => each.eventId)),
    });
    for (const { id } of found) this.facts.events.add(id);
  }

  async histories(): Promise<void> {
    const showIds = [...this.requests.histories];
    if (showIds.length === 0) return;
    const found = await this.manager.query<{ id: string }[]>(
      `SELECT id FROM unnest($1::uuid[]) AS show (id)
       WHERE EXISTS (SELECT FROM bookings WHERE ${this.onItsShards} show_id = show.id)`,
      [showIds],
    );
    for (const { id } of found) this.facts.everBooked.add(id);
  }

  /**
   * Runs SQL that answers whole rows of `bookings`, and makes entities of them: one for each row of
   * the table, however many statements met it, so that every command sees what the others did.
   */
  private async readBookings(sql: string, parameters: unknown[]): Promise<Booking[]> {
    const rows = await this.manager.query<Record<string, unknown>[]>(sql, parameters);
    const metadata = this.manager.connection.getMetadata(Booking);
    return rows.map((row) => {
      const key = pair(row['show_id'] as string, row['id'] as string);
      const known = this.facts.bookings.get(key);
      if (known) return known;
      const booking = entityOfRow(metadata, row) as Booking;
      this.facts.bookings.set(key, booking);
      return booking;
    });
  }
}

/** Whether it is short, or may be once the holds of the batch have what they want. */
function mayBeShort(
  showId: string,
  shows: ReadonlyMap<string, Show>,
  { wantedSlots }: FactRequests,
): boolean {
  const show = shows.get(showId);
  if (!show) return false;
  return isShort(show.availableSlots - (wantedSlots.get(showId) ?? 0), show.totalSlots);
}

function mayHaveLimit(
  showId: string,
  shows: ReadonlyMap<string, Show>,
  { limits }: FactRequests,
): boolean {
  return limits.has(showId) || (shows.get(showId)?.maxSlotsPerUser ?? null) !== null;
}

/** For each show, how many lapsed holds may be needed at most, and which shows run short of slots. */
function lapsedHoldsNeeded(requests: FactRequests, shows: ReadonlyMap<string, Show>) {
  const limits = new Map(requests.sweeps);
  const short: string[] = [];
  for (const [showId, wanted] of requests.wantedSlots) {
    const show = shows.get(showId);
    if (!show || show.heldSlots === 0) continue;
    const missing = wanted - show.availableSlots;
    if (missing <= 0) continue;
    short.push(showId);
    // A hold has at least one slot, so as many holds as missing slots are always enough.
    limits.set(showId, Math.max(limits.get(showId) ?? 0, Math.min(missing, MAX_RELEASED_PER_SHOW)));
  }
  return { limits, short };
}
