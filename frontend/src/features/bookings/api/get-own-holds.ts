import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Booking, ListPage, Received } from '../../../lib/api/types';
import type { Pages } from '../../../lib/live/pages';
import { queryKeys } from '../../../lib/query-keys';
import { getBookings } from './get-bookings';

/** As many as the API puts on a page. */
const MOST = 100;
const NONE: Pages<Received<Booking>> = {
  pages: [{ data: [], page: { nextCursor: null, limit: MOST } }],
  pageParams: [undefined],
};

/**
 * Own unexpired holds, for the page of a show. If no slot of the show is held when the page opens, no
 * request is sent: at the opening of a sale every visitor would send one. The socket reports own
 * bookings from then on.
 */
export function ownHoldsQuery(show: { id: string; heldSlots: number }) {
  return infiniteQueryOptions({
    queryKey: queryKeys.bookings.list({ status: 'PENDING', seenFrom: show.id }),
    queryFn: ({ signal }): Promise<ListPage<Received<Booking>>> =>
      getBookings({ status: 'PENDING' }, undefined, signal, MOST),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: () => undefined,
    ...(show.heldSlots === 0 && { initialData: NONE }),
  });
}
