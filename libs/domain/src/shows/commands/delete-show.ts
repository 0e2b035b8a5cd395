import { newId } from '../../ids/new-id.js';
import type { Books } from '../../ledger/books.js';
import type { FactRequests } from '../../ledger/facts.js';
import type { LedgerCommand } from '../../ledger/ledger-command.js';
import { showChanged, showHasBookings } from '../show-errors.js';

/** Deletes a show that was never booked. */
export class DeleteShow implements LedgerCommand<void> {
  readonly urgent = false;
  readonly showIds: readonly string[];
  private readonly entryId = newId();

  /** @param revision the revision the caller has seen; null to delete whatever is there */
  constructor(
    private readonly showId: string,
    private readonly revision: number | null,
  ) {
    this.showIds = [showId];
  }

  need(facts: FactRequests): void {
    if (facts.outcomeUnknown) facts.entry(this.showId, this.entryId);
    facts.everBooked(this.showId);
  }

  /** @throws SHOW_NOT_FOUND, PRECONDITION_FAILED, SHOW_HAS_BOOKINGS */
  decide(books: Books): void {
    if (books.hasEntry(this.entryId)) return;
    const account = books.account(this.showId);
    const { revision } = account.show;
    if (this.revision !== null && this.revision !== revision) throw showChanged(revision);
    if (books.everBooked(this.showId)) throw showHasBookings();
    account.edit({}, 'show.deleted', this.entryId);
    account.deleted = true;
  }
}
