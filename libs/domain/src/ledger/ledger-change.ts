import type { Show } from '../shows/show.entity.js';
import type { SoldOutError } from '../bookings/booking-errors.js';
import type { Booking } from '../bookings/booking.entity.js';

/** What one committed transaction changed or found, as it stood at the commit. */
export interface LedgerChange {
  /** The database's clock under the lock. */
  readonly clock: Date;
  readonly shows: readonly { readonly show: Show; readonly edited: boolean }[];
  readonly bookings: readonly { readonly show: Show; readonly booking: Booking }[];
  /** Shows that had too few slots for somebody, and not more since. */
  readonly soldOut: readonly { readonly showId: string; readonly refusal: SoldOutError }[];
  /** Not later than `clock`, by this process's monotonic clock. Milliseconds. */
  readonly since: number;
}
