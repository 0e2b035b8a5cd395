import type { Show } from '../shows/show.entity.js';
import type { SoldOutError } from '../bookings/booking-errors.js';
import type { Booking } from '../bookings/booking.entity.js';

/** What one committed transaction changed, and which shows it found sold out. */
export interface LedgerChange {
  /** The database's clock under the lock. */
  readonly clock: Date;
  readonly shows: readonly { readonly show: Show; readonly edited: boolean }[];
  readonly bookings: readonly { readonly show: Show; readonly booking: Booking }[];
  /** Shows that refused a hold for lack of slots, and have released none since. */
  readonly soldOut: readonly { readonly showId: string; readonly refusal: SoldOutError }[];
  /** Not later than `clock`, by this process's monotonic clock. Milliseconds. */
  readonly since: number;
}
