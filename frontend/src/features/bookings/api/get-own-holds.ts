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
 * One's own running holds, for the page of a show. Where nobody holds a slot of it when the page
 * opens, nobody asks: at the beginning of a sale everybody would at once. From then on the socket
 * tells of one's own bookings.
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
