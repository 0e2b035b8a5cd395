import type { Show } from '../../lib/api/types';

type Times = Pick<Show, 'startsAt' | 'endsAt' | 'bookingClosesAt'>;

/** When a show leaves the list: at its end, or at its start if it has no end. Milliseconds since 1970. */
export function showEndsAt({ startsAt, endsAt }: Times): number {
  return Date.parse(endsAt ?? startsAt);
}

/** When selling closes: at `bookingClosesAt`, or else at the start, and never after the end. */
export function sellingClosesAt(show: Times): number {
  return Math.min(Date.parse(show.bookingClosesAt ?? show.startsAt), showEndsAt(show));
}
