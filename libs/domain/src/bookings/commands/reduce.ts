import type { BookingKey } from '../booking-id.js';
import { bookingCancelled, holdExpired, quantityNotBelow } from '../booking-errors.js';
import type { Booking } from '../booking.entity.js';
import type { ShowAccount } from '../../ledger/show-account.js';
import { BookingCommand, type Actor } from './booking-command.js';
import { checkCancelOpen } from './cancel.js';

/** Releases some slots of a booking. Idempotent. */
export class Reduce extends BookingCommand {
  /** @param quantity the slots to keep, 1 or more */
  constructor(
    key: BookingKey,
    actor: Actor,
    private readonly quantity: number,
  ) {
    super(key, actor);
  }

  protected override mayAct(booking: Booking): boolean {
    return this.actor.isAdmin || super.mayAct(booking);
  }

  /** @throws BOOKING_NOT_FOUND, BOOKING_CANCELLED, HOLD_EXPIRED, CANCEL_CLOSED, VALIDATION_FAILED */
  protected apply(booking: Booking, account: ShowAccount, clock: Date): void {
    if (booking.status === 'CANCELLED') {
      throw booking.cancelReason === 'EXPIRED' ? holdExpired() : bookingCancelled();
    }
    if (account.show.status === 'CANCELLED') throw bookingCancelled();
    if (account.isLapsed(booking)) throw holdExpired();
    if (this.quantity === booking.quantity) return;
    if (this.quantity > booking.quantity) throw quantityNotBelow(booking.quantity);
    checkCancelOpen(booking, account, clock, this.actor.isAdmin);
    if (booking.status === 'PENDING' && this.isHolder(booking)) account.noteGivenBack(booking);
    account.reduce(booking, this.quantity);
  }
}
