import { newId } from '../../ids/new-id.js';
import type { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { ReadRequests } from '../../ledger/read-set.js';
import type { LedgerCommand } from '../../ledger/ledger-command.js';
import { showChanged, showHasBookings } from '../show-errors.js';

/** Deletes a show that was never booked. */
export class DeleteShow implements LedgerCommand<void> {
  readonly urgent = false;
  readonly showIds: readonly string[];
  private readonly eventId = newId();

  /** @param revision the revision the caller has seen; null to delete whatever is there */
  constructor(
    private readonly showId: string,
    private readonly revision: number | null,
  ) {
    this.showIds = [showId];
  }

  need(requests: ReadRequests): void {
    if (requests.outcomeUnknown) requests.event(this.showId, this.eventId);
    requests.everBooked(this.showId);
  }

  /** @throws SHOW_NOT_FOUND, PRECONDITION_FAILED, SHOW_HAS_BOOKINGS */
  decide(work: UnitOfWork): void {
    if (work.readSet.events.has(this.eventId)) return;
    const account = work.account(this.showId);
    const { revision } = account.show;
    if (this.revision !== null && this.revision !== revision) throw showChanged(revision);
    const isBooked = work.readSet.everBooked.has(this.showId) || account.created.size > 0;
    if (isBooked) throw showHasBookings();
    account.edit({}, 'show.deleted', this.eventId);
    account.deleted = true;
  }
}
