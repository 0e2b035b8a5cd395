import type { EntityManager } from 'typeorm';
import { Booking } from '../bookings/booking.entity.js';
import { entityOfRow } from '../database/entity-of-row.js';
import { onItsShards, type ShardingSettings } from './on-its-shards.js';
import {
  append,
  MAX_RELEASED_PER_SHOW,
  pair,
  type ReadRequests,
  type ReadSet,
} from './read-set.js';

/** Reads bookings into a read set. Each method is one statement, or none if nothing is requested. */
export class BookingLoader {
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
      this.readSet.bookingsByKey.set(pair(booking.userId, booking.idempotencyKey ?? ''), booking);
    }
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
    for (const hold of found) append(this.readSet.lapsedHolds, hold.showId, hold);
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
    for (const booking of found) append(this.readSet.activeBookings, booking.showId, booking);
  }

  /**
   * Makes an entity of each row, and the same one if several statements return the same booking, so
   * that every command sees the changes of the commands before it.
   */
  private async readBookings(sql: string, parameters: unknown[]): Promise<Booking[]> {
    const rows = await this.manager.query<Record<string, unknown>[]>(sql, parameters);
    const metadata = this.manager.connection.getMetadata(Booking);
    return rows.map((row) => {
      const key = pair(row['show_id'] as string, row['id'] as string);
      const known = this.readSet.bookings.get(key);
      if (known) return known;
      const booking = entityOfRow(metadata, row) as Booking;
      this.readSet.bookings.set(key, booking);
      return booking;
    });
  }
}
