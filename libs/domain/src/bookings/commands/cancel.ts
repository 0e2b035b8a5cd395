import { cancellableUntil } from '../../shows/show-schedule.js';
import { cancelClosed } from '../booking-errors.js';
import type { Booking } from '../booking.entity.js';
import type { ShowAccount } from '../../ledger/show-account.js';
import { reasonOnCancelledShow } from '../booking-view.js';
import { BookingCommand } from './booking-command.js';

/**
 * Cancels a hold at any time, or a confirmed booking until the show's `cancelUntil`; admins may cancel
 * later too. Idempotent.
 */
export class Cancel extends BookingCommand {
  protected override mayAct(booking: Booking): boolean {
    return this.actor.isAdmin || super.mayAct(booking);
  }

  /** @throws BOOKING_NOT_FOUND, CANCEL_CLOSED */
  protected apply(booking: Booking, account: ShowAccount, clock: Date): void {
    if (booking.status === 'CANCELLED') return;
    const reason = reasonOnCancelledShow(booking, account.show);
    if (reason) account.cancel(booking, reason);
    else if (account.isLapsed(booking)) account.cancel(booking, 'EXPIRED');
    else {
      checkCancelOpen(booking, account, clock, this.actor.isAdmin);
      if (booking.status === 'PENDING' && this.isHolder(booking)) account.noteGivenBack(booking);
      account.cancel(booking, 'USER');
    }
  }
}

/** @throws CANCEL_CLOSED */
export function checkCancelOpen(
  booking: Booking,
  { show }: ShowAccount,
  clock: Date,
  isAdmin: boolean,
): void {
  const until = cancellableUntil(show);
  if (booking.status === 'CONFIRMED' && clock >= until && !isAdmin) throw cancelClosed(until);
}
