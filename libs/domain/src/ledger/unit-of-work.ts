import type { Show } from '../shows/show.entity.js';
import { showNotFound } from '../shows/show-errors.js';
import type { SoldOutError } from '../bookings/booking-errors.js';
import type { ReadSet } from './read-set.js';
import type { LedgerCommand } from './ledger-command.js';
import { ShowAccount } from './show-account.js';

/** What a batch has read and changes while its shows are locked; persisted at its end. */
export class UnitOfWork {
  private readonly accounts = new Map<string, ShowAccount>();

  /** @param clock the transaction's one clock value, read after the lock */
  constructor(
    shows: ReadonlyMap<string, Show>,
    readonly clock: Date,
    readonly readSet: ReadSet,
  ) {
    for (const show of shows.values()) {
      this.accounts.set(show.id, new ShowAccount(show, clock, readSet));
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
