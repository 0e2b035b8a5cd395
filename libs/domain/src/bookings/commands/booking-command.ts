import type { Show } from '../../shows/show.entity.js';
import type { BookingKey } from '../booking-id.js';
import { bookingNotFound } from '../booking-errors.js';
import type { Booking } from '../booking.entity.js';
import type { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { ReadRequests } from '../../ledger/read-set.js';
import type { LedgerCommand } from '../../ledger/ledger-command.js';
import type { ShowAccount } from '../../ledger/show-account.js';

/** The user of a command. Some commands let admins act on the bookings of others. */
export interface Actor {
  userId: string;
  isAdmin: boolean;
}

export interface BookingResult {
  booking: Booking;
  show: Show;
}

/** A command on one booking that exists. */
export abstract class BookingCommand implements LedgerCommand<BookingResult> {
  readonly urgent = true;
  readonly showIds: readonly string[];

  constructor(
    private readonly key: BookingKey,
    protected readonly actor: Actor,
  ) {
    this.showIds = [key.showId];
  }

  need(requests: ReadRequests): void {
    requests.booking(this.key.showId, this.key.bookingId);
  }

  decide(work: UnitOfWork): BookingResult {
    const booking = work.readSet.booking(this.key.showId, this.key.bookingId);
    const account = work.find(this.key.showId);
    if (!booking || !account || !this.mayAct(booking)) throw bookingNotFound();
    this.apply(booking, account, work.clock);
    // A copy, because later commands of the batch may change the booking and the show.
    return { booking: { ...booking }, show: { ...account.show } };
  }

  /** To others the booking does not exist, so that ids reveal nothing. */
  protected mayAct(booking: Booking): boolean {
    return this.isHolder(booking);
  }

  protected isHolder(booking: Booking): boolean {
    return booking.userId === this.actor.userId;
  }

  protected abstract apply(booking: Booking, account: ShowAccount, clock: Date): void;
}
