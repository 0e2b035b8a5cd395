import type { Booking } from '../bookings/booking.entity.js';
import type { GivenBack } from '../bookings/hold-limits.js';

/** Most bookings that one transaction expires or cancels for one show. */
export const MAX_RELEASED_PER_SHOW = 1_000;

/** What the commands of a batch request to be read after the lock, besides their shows. */
export class ReadRequests {
  readonly bookings: { showId: string; bookingId: string }[] = [];
  readonly keys: { userId: string; key: string; showId: string }[] = [];
  readonly users: { showId: string; userId: string }[] = [];
  readonly holders = new Map<string, { showId: string; userId: string }>();
  readonly limits = new Set<string>();
  readonly wantedSlots = new Map<string, number>();
  readonly sweeps = new Map<string, number>();
  readonly cancellations = new Set<string>();
  readonly histories = new Set<string>();
  readonly events: { showId: string; eventId: string }[] = [];

  /** @param outcomeUnknown whether an earlier attempt at this batch may have been committed */
  constructor(readonly outcomeUnknown = false) {}

  booking(showId: string, bookingId: string): void {
    this.bookings.push({ showId, bookingId });
  }

  /** The user's booking with this key. */
  bookingByKey(userId: string, key: string, showId: string): void {
    this.keys.push({ userId, key, showId });
  }

  /**
   * How many slots of the show the user has confirmed or holds, without lapsed holds. Read only if
   * the show has a limit per person.
   */
  slotsOfUser(showId: string, userId: string): void {
    this.users.push({ showId, userId });
  }

  /** What the user holds, and what they gave back if the show is or may become short of slots. */
  holdsOfUser(showId: string, userId: string): void {
    this.holders.set(pair(showId, userId), { showId, userId });
  }

  /** The command may set a limit per person, which applies to the commands after it. */
  limitPerUser(showId: string): void {
    this.limits.add(showId);
  }

  /** Slots the command will take. If they are short, lapsed holds are read to be reclaimed. */
  slots(showId: string, wanted: number): void {
    this.wantedSlots.set(showId, (this.wantedSlots.get(showId) ?? 0) + wanted);
  }

  /** At most `limit` lapsed holds, whether slots are short or not. */
  lapsedHolds(showId: string, limit: number): void {
    this.sweeps.set(showId, Math.max(this.sweeps.get(showId) ?? 0, limit));
  }

  /** Bookings that are not cancelled, at most `MAX_RELEASED_PER_SHOW`. */
  activeBookings(showId: string): void {
    this.cancellations.add(showId);
  }

  /** Whether this event of the show was written: then the command has been executed already. */
  event(showId: string, eventId: string): void {
    this.events.push({ showId, eventId });
  }

  /** Whether the show was ever booked. */
  everBooked(showId: string): void {
    this.histories.add(showId);
  }
}

/** The rows read under the lock. Keys of the maps are show ids, or `pair`s of two ids. */
export class ReadSet {
  readonly bookings = new Map<string, Booking>();
  readonly bookingsByKey = new Map<string, Booking>();
  readonly slotsOfUser = new Map<string, number>();
  /** By user: slots that they hold of all shows, or when sharded of the batch's one show. */
  readonly heldSlotsOfUser = new Map<string, number>();
  readonly givenBack = new Map<string, GivenBack>();
  /** Slots of lapsed holds that are not released yet, of shows that are or may become short. */
  readonly lapsedSlots = new Map<string, number>();
  /** Oldest first. */
  readonly lapsedHolds = new Map<string, Booking[]>();
  readonly nextReleaseAt = new Map<string, Date>();
  readonly activeBookings = new Map<string, Booking[]>();
  readonly everBooked = new Set<string>();
  readonly events = new Set<string>();

  booking(showId: string, bookingId: string): Booking | null {
    return this.bookings.get(pair(showId, bookingId)) ?? null;
  }

  /** The user's booking with this key, of any show that was searched. */
  bookingByKey(userId: string, key: string): Booking | null {
    return this.bookingsByKey.get(pair(userId, key)) ?? null;
  }

  /** Makes a new hold visible to the later commands of the batch. */
  add(booking: Booking): void {
    this.bookings.set(pair(booking.showId, booking.id), booking);
    if (booking.idempotencyKey !== null) {
      this.bookingsByKey.set(pair(booking.userId, booking.idempotencyKey), booking);
    }
  }
}

export const pair = (first: string, second: string) => `${first} ${second}`;

export function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
