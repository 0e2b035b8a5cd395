import type { LedgerChange } from '../ledger/ledger-change.js';
import type { SoldOutError } from './booking-errors.js';

/** Slots that another process released are unknown here for at most this long. */
const TTL_MS = 1_000;

/**
 * Negative cache of the shows that the ledger has just found sold out, so that a flood on one of them
 * does not fill its lane. An entry ends after a second, when this process changes the show, and when
 * the show's first hold can lapse.
 */
export class SoldOutCache {
  private readonly refusals = new Map<string, { refusal: SoldOutError; until: number }>();

  /** To be called in the order of the commits. */
  update({ shows, soldOut, clock, since }: LedgerChange): void {
    for (const { show } of shows) this.refusals.delete(show.id);
    for (const { showId, refusal } of soldOut) {
      const { nextReleaseAt } = refusal.show;
      const releaseMs = nextReleaseAt ? nextReleaseAt.getTime() - clock.getTime() : Infinity;
      this.refusals.set(showId, { refusal, until: since + Math.min(TTL_MS, releaseMs) });
    }
  }

  /** The refusal of a hold of this many slots; null if the ledger has to decide. */
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
