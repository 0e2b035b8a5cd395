import type { Show } from '../../shows/show.entity.js';
import type { Booking } from '../booking.entity.js';

/** What one committed transaction changed, as it stood at the commit. */
export interface LedgerChange {
  /** The database's clock under the lock. */
  readonly clock: Date;
  readonly shows: readonly { readonly show: Show; readonly edited: boolean }[];
  readonly bookings: readonly { readonly show: Show; readonly booking: Booking }[];
}
