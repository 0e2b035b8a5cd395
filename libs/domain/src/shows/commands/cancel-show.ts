import type { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { ReadRequests } from '../../ledger/read-set.js';
import type { LedgerCommand } from '../../ledger/ledger-command.js';
import type { Show } from '../show.entity.js';

export interface CancelShowResult {
  show: Show;
  cancelledBookings: number;
  /** Whether bookings are left to cancel: run the command again. */
  mayHaveMore: boolean;
}

/**
 * Cancels a show, so that no hold and no confirm succeeds any more, and up to `MAX_RELEASED_PER_SHOW`
 * of its bookings; each further run cancels more. The remaining bookings read as cancelled meanwhile.
 */
export class CancelShow implements LedgerCommand<CancelShowResult> {
  readonly urgent = false;
  readonly showIds: readonly string[];

  constructor(private readonly showId: string) {
    this.showIds = [showId];
  }

  need(requests: ReadRequests): void {
    requests.activeBookings(this.showId);
  }

  /** @throws SHOW_NOT_FOUND */
  decide(work: UnitOfWork): CancelShowResult {
    const account = work.account(this.showId);
    const { show } = account;
    if (show.status !== 'CANCELLED') {
      account.edit({ status: 'CANCELLED', cancelledAt: work.clock }, 'show.cancelled');
    }
    let cancelledBookings = 0;
    for (const booking of work.readSet.activeBookings.get(this.showId) ?? []) {
      if (booking.status === 'CANCELLED') continue;
      account.cancelWithShow(booking);
      cancelledBookings += 1;
    }
    return { show: { ...show }, cancelledBookings, mayHaveMore: account.bookedSlots > 0 };
  }
}
