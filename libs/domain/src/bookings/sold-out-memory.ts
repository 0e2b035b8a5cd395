import type { LedgerChange } from '../ledger/ledger-change.js';
import type { SoldOutError } from './booking-errors.js';

/** Another process may have given slots back since: what was decided is good for so long. */
const GOOD_FOR_MS = 1_000;

/**
 * Which shows the ledger has just found sold out, so that a flood on one of them costs its
 * neighbours no turn in their lane. Forgotten after a second, at the first change of the show that
 * this process makes, and when the first of its holds can lapse.
 */
export class SoldOutMemory {
  private readonly refusals = new Map<string, { refusal: SoldOutError; until: number }>();

  /** Changes of a show are heard in the order of their commits. */
  hear({ shows, soldOut, clock, since }: LedgerChange): void {
    for (const { show } of shows) this.refusals.delete(show.id);
    for (const { showId, refusal } of soldOut) {
      const { nextReleaseAt } = refusal.show;
      const releaseMs = nextReleaseAt ? nextReleaseAt.getTime() - clock.getTime() : Infinity;
      this.refusals.set(showId, { refusal, until: since + Math.min(GOOD_FOR_MS, releaseMs) });
    }
  }

  /** The refusal that a hold of so many slots would get, if that is still known. */
  refusal(showId: string, quantity: number): SoldOutError | null {
    const known = this.refusals.get(showId);
    if (!known) return null;
    if (performance.now() >= known.until) {
      this.refusals.delete(showId);
      return null;
    }
    return quantity > known.refusal.show.availableSlots ? known.refusal : null;
  }
}
