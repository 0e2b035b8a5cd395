import { In, type EntityManager } from 'typeorm';
import { MOST_GIVEN_BACK } from '../bookings/hold-limits.js';
import { OutboxEvent } from '../outbox/outbox-event.entity.js';
import { onItsShards, type ShardingSettings } from './on-its-shards.js';
import { MAX_RELEASED_PER_SHOW, pair, type ReadRequests, type ReadSet } from './read-set.js';

/**
 * Of the holds of one user, written as the predicate of `bookings_held_idx`. With "= 'PENDING'" and a
 * time, PostgreSQL reads all holds of all users by `bookings_pending_idx` whenever its statistics
 * come from a moment with few holds.
 */
const HELD = `status NOT IN ('CONFIRMED', 'CANCELLED')`;

interface GivenBackRow {
  show_id: string;
  user_id: string;
  lapsed: number;
  returned: number;
  last_at: Date;
}

/**
 * Reads sums, times and existence into a read set. Each method is one statement, or none if nothing
 * is requested.
 */
export class TotalsLoader {
  /** The shows in `$1`. */
  private readonly onItsShards: string;

  constructor(
    private readonly manager: EntityManager,
    private readonly readSet: ReadSet,
    private readonly requests: ReadRequests,
    private readonly settings: ShardingSettings,
  ) {
    this.onItsShards = onItsShards('show_id', settings);
  }

  async slotsOfUsers(clock: Date, users: ReadRequests['users']): Promise<void> {
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
    for (const sum of sums) this.readSet.slotsOfUser.set(pair(sum.show_id, sum.user_id), sum.slots);
  }

  /** Returns only users with holds, who are few of a batch. */
  async heldSlots(clock: Date, users: ReadRequests['users']): Promise<void> {
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
    for (const { user_id, slots } of found) this.readSet.heldSlotsOfUser.set(user_id, slots);
  }

  /** Counts holds that the user cancelled, reduced or let lapse. */
  async givenBack(clock: Date, users: ReadRequests['users']): Promise<void> {
    if (users.length === 0) return;
    const ofUser = `${this.onItsShards} show_id = wanted.show_id AND user_id = wanted.user_id`;
    const found = await this.manager.query<GivenBackRow[]>(
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
      this.readSet.givenBack.set(pair(show_id, user_id), givenBack);
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
    for (const { show_id, slots } of found) this.readSet.lapsedSlots.set(show_id, slots);
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
    for (const { show_id, at } of found) this.readSet.nextReleaseAt.set(show_id, at);
  }

  async events(): Promise<void> {
    const { events } = this.requests;
    if (events.length === 0) return;
    const found = await this.manager.findBy(OutboxEvent, {
      aggregateId: In(events.map((each) => each.showId)),
      id: In(events.map((each) => each.eventId)),
    });
    for (const { id } of found) this.readSet.events.add(id);
  }

  async everBooked(): Promise<void> {
    const showIds = [...this.requests.histories];
    if (showIds.length === 0) return;
    const found = await this.manager.query<{ id: string }[]>(
      `SELECT id FROM unnest($1::uuid[]) AS show (id)
       WHERE EXISTS (SELECT FROM bookings WHERE ${this.onItsShards} show_id = show.id)`,
      [showIds],
    );
    for (const { id } of found) this.readSet.everBooked.add(id);
  }
}
