import type { Show } from '../../lib/api/types';

/** The API takes no more in one booking. */
const MOST_PER_BOOKING = 20;

/** The free slots are no bound: they may increase before the button is pressed. */
export function maxSlotsPerBooking(show: Pick<Show, 'maxSlotsPerUser' | 'totalSlots'>): number {
  return Math.max(
    1,
    Math.min(MOST_PER_BOOKING, show.totalSlots, show.maxSlotsPerUser ?? MOST_PER_BOOKING),
  );
}
