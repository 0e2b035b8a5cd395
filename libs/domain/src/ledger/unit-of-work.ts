import type { Show } from '../shows/show.entity.js';
import { showNotFound } from '../shows/show-errors.js';
import type { SoldOutError } from '../bookings/booking-errors.js';
import type { Booking } from '../bookings/booking.entity.js';
import { pair, type Facts } from './facts.js';
import type { LedgerCommand } from './ledger-command.js';
import { ShowAccount } from './show-account.js';

/** What a batch has read and changes while its shows are locked; persisted at its end. */
export class UnitOfWork {
  private readonly accounts = new Map<string, ShowAccount>();

  /** @param clock the transaction's one clock value, read after the lock */
  constructor(
    shows: ReadonlyMap<string, Show>,
    readonly clock: Date,
    private readonly facts: Facts,
  ) {
    for (const show of shows.values()) {
      this.accounts.set(show.id, new ShowAccount(show, clock, facts));
    }
  }

  /** @throws SHOW_NOT_FOUND */
  account(showId: string): ShowAccount {
    const account = this.find(showId);
    if (!account) throw showNotFound();
    return account;
  }

  find(showId: string): ShowAccount | null {
    const account = this.accounts.get(showId);
    return account && !account.deleted ? account : null;
  }

  booking(showId: string, bookingId: string): Booking | null {
    return this.facts.bookings.get(pair(showId, bookingId)) ?? null;
  }

  /** The booking that the user made with the key, of whichever show that was read. */
  bookingByKey(userId: string, key: string): Booking | null {
    return this.facts.bookingsByKey.get(pair(userId, key)) ?? null;
  }

  activeBookings(showId: string): readonly Booking[] {
    return this.facts.activeBookings.get(showId) ?? [];
  }

  hasEvent(eventId: string): boolean {
    return this.facts.events.has(eventId);
  }

  everBooked(showId: string): boolean {
    return this.facts.everBooked.has(showId) || this.account(showId).created.size > 0;
  }

  /** Makes a new hold known to the commands behind it in the batch. */
  add(booking: Booking): void {
    this.facts.bookings.set(pair(booking.showId, booking.id), booking);
    if (booking.idempotencyKey !== null) {
      this.facts.bookingsByKey.set(pair(booking.userId, booking.idempotencyKey), booking);
    }
  }

  /** The events recorded from here on carry the command's trace. */
  beginCommand({ showIds, cause }: LedgerCommand<unknown>): void {
    for (const id of showIds) {
      const account = this.accounts.get(id);
      if (account) account.cause = cause;
    }
  }

  touchedAccounts(): ShowAccount[] {
    return [...this.accounts.values()].filter((account) => account.touched);
  }

  soldOut(): { showId: string; refusal: SoldOutError }[] {
    return [...this.accounts.values()].flatMap(({ show, soldOut }) =>
      soldOut ? [{ showId: show.id, refusal: soldOut }] : [],
    );
  }
}
