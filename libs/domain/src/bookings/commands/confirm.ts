import { bookingCancelled, holdExpired } from '../booking-errors.js';
import type { Booking } from '../booking.entity.js';
import type { ShowAccount } from '../../ledger/show-account.js';
import { BookingCommand } from './booking-command.js';

/** Makes a hold final. Idempotent. */
export class Confirm extends BookingCommand {
  /** @throws BOOKING_NOT_FOUND, HOLD_EXPIRED, BOOKING_CANCELLED */
  protected apply(booking: Booking, account: ShowAccount): void {
    if (booking.status === 'CANCELLED') {
      throw booking.cancelReason === 'EXPIRED' ? holdExpired() : bookingCancelled();
    }
    if (account.show.status === 'CANCELLED') throw bookingCancelled();
    if (booking.status === 'CONFIRMED') return;
    if (account.isLapsed(booking)) throw holdExpired();
    account.confirm(booking);
  }
}
