import type { BookingView } from '../bookings/booking-view.js';
import type { ShowCounters } from '../shows/show-view.js';

/** The name of the broadcast on the backplane; its message is an `AvailabilityUpdate` as JSON. */
export const AVAILABILITY_EVENT = 'availability';

/** The content of one flush. */
export interface AvailabilityUpdate {
  /** The oldest commit in it: the database's clock under the lock, ISO 8601. */
  since: string;
  /** The newest counters of every show that changed. */
  shows: ShowCounters[];
  /** Shows that were edited or deleted, of which more than the counters changed. */
  edited: string[];
  /** Each for its own user only. */
  bookings: { userId: string; booking: BookingView }[];
}

/** Publishes updates to all processes. Lossy by design: no decision depends on it. */
export interface AvailabilityPublisher {
  publish(update: AvailabilityUpdate): void;
}
