import type { Booking } from '../bookings/booking.entity.js';
import type { GivenBack } from '../bookings/hold-limits.js';

/** Most bookings that one transaction takes back or cancels for one show. */
export const MAX_RELEASED_PER_SHOW = 1_000;

/** What the commands of a batch ask to be read after the lock, beside the shows themselves. */
export class FactRequests {
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

  /** The booking that this user made with this key. */
  bookingByKey(userId: string, key: string, showId: string): void {
    this.keys.push({ userId, key, showId });
  }

  /**
   * How many slots of the show the user has confirmed or holds; lapsed holds do not count. Read
   * only where a limit asks for it.
   */
  slotsOfUser(showId: string, userId: string): void {
    this.users.push({ showId, userId });
  }

  /** What the user holds, and what they gave back of the show where it is or may become short. */
  holdsOfUser(showId: string, userId: string): void {
    this.holders.set(pair(showId, userId), { showId, userId });
  }

  /** The command may set a limit per person, which those behind it have to keep. */
  limitPerUser(showId: string): void {
    this.limits.add(showId);
  }

  /** Slots the command will take. Where they are short, lapsed holds are read to be taken back. */
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

/** What was read. Keys of the maps are show ids, or the results of `pair` where two ids decide. */
export class Facts {
  readonly bookings = new Map<string, Booking>();
  readonly bookingsByKey = new Map<string, Booking>();
  readonly slotsOfUser = new Map<string, number>();
  /** By user: slots that they hold of all shows, or when sharded of the batch's one show. */
  readonly heldSlotsOfUser = new Map<string, number>();
  readonly givenBack = new Map<string, GivenBack>();
  /** Slots of holds that have lapsed and were not taken back yet, of shows that are or may become short. */
  readonly lapsedSlots = new Map<string, number>();
  /** Oldest first. */
  readonly lapsedHolds = new Map<string, Booking[]>();
  readonly nextReleaseAt = new Map<string, Date>();
  readonly activeBookings = new Map<string, Booking[]>();
  readonly everBooked = new Set<string>();
  readonly events = new Set<string>();
}

export const pair = (first: string, second: string) => `${first} ${second}`;

export function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
