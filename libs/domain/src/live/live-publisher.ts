import type { BookingView } from '../bookings/booking-view.js';
import type { ShowCounters } from '../shows/show-view.js';

/** The name under which processes tell each other of a flush: a `LiveUpdate` as JSON. */
export const LIVE_EVENT = 'live';

/** What one flush tells. */
export interface LiveUpdate {
  /** The oldest commit that it tells of: the database's clock under the lock, ISO 8601. */
  since: string;
  /** The newest counters of every show that changed. */
  shows: ShowCounters[];
  /** Shows of which more than the counters changed, or that are gone: read them again. */
  edited: string[];
  /** Each for its user alone. */
  bookings: { userId: string; booking: BookingView }[];
}

/** Whoever brings updates to the people who look. Lossy by design: nothing depends on it. */
export interface LivePublisher {
  publish(update: LiveUpdate): void;
}
