import type { Availability, Show } from '../../lib/api/types';

type Countable = Pick<Show, 'status' | 'availability' | 'availableSlots' | 'heldSlots'>;

/**
 * The server said `availability` when the show was read; since then counters moved and the sale may
 * have opened, which the page works out by itself: in the opening minute nobody has to ask.
 */
export function availabilityNow(show: Countable, secondsToOpen: number | null): Availability {
  if (show.status === 'CANCELLED' || show.availability === 'CLOSED') return 'CLOSED';
  if (secondsToOpen !== null && secondsToOpen > 0) return 'UPCOMING';
  if (show.availableSlots > 0) return 'OPEN';
  return show.heldSlots > 0 ? 'ALL_HELD' : 'SOLD_OUT';
}
