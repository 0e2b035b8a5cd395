import type { Availability, Show } from '../../lib/api/types';

type Countable = Pick<Show, 'status' | 'availability' | 'availableSlots' | 'heldSlots'>;

/**
 * The server said `availability` when the show was read; since then counters moved and the sale may
 * have opened or closed. The page computes that itself, so that no wave of requests hits the server.
 */
export function availabilityNow(
  show: Countable,
  secondsToOpen: number | null,
  isClosed = false,
): Availability {
  if (show.status === 'CANCELLED' || show.availability === 'CLOSED' || isClosed) return 'CLOSED';
  if (secondsToOpen !== null && secondsToOpen > 0) return 'UPCOMING';
  if (show.availableSlots > 0) return 'OPEN';
  return show.heldSlots > 0 ? 'ALL_HELD' : 'SOLD_OUT';
}
