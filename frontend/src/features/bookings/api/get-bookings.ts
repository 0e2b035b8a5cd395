import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import type { Booking, BookingStatus, ListPage, Received } from '../../../lib/api/types';
import type { Pages } from '../../../lib/live/pages';
import { keepNewerBookingsInPages } from '../../../lib/live/patch-bookings';
import { queryKeys } from '../../../lib/query-keys';
import { now } from '../../../lib/time/countdown';

export interface BookingFilters {
  status?: BookingStatus;
}

export async function getBookings(
  filters: BookingFilters,
  cursor: string | undefined,
  signal: AbortSignal,
  limit = 20,
): Promise<ListPage<Received<Booking>>> {
  const query = { ...filters, limit, ...(cursor ? { cursor } : {}) };
  const page = await body(api.GET('/api/v1/bookings', { params: { query }, signal }));
  const receivedAt = now();
  return { ...page, data: page.data.map((booking) => ({ ...booking, receivedAt })) };
}

export function bookingsQuery(filters: BookingFilters) {
  return infiniteQueryOptions({
    queryKey: queryKeys.bookings.list(filters),
    queryFn: ({ pageParam, signal }) => getBookings(filters, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ page }) => page.nextCursor ?? undefined,
    structuralSharing: (known, read) =>
      keepNewerBookingsInPages(
        known as Pages<Received<Booking>> | undefined,
        read as Pages<Received<Booking>>,
      ),
  });
}
