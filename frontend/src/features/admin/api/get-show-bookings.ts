import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import type { BookingStatus } from '../../../lib/api/types';
import { queryKeys } from '../../../lib/query-keys';

export interface ShowBookingFilters {
  status?: BookingStatus;
}

function getShowBookings(
  id: string,
  filters: ShowBookingFilters,
  cursor: string | undefined,
  signal: AbortSignal,
) {
  const query = { ...filters, limit: 50, ...(cursor ? { cursor } : {}) };
  return body(api.GET('/api/v1/shows/{id}/bookings', { params: { path: { id }, query }, signal }));
}

export function showBookingsQuery(id: string, filters: ShowBookingFilters) {
  return infiniteQueryOptions({
    queryKey: queryKeys.showBookings.list(id, filters),
    queryFn: ({ pageParam, signal }) => getShowBookings(id, filters, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ page }) => page.nextCursor ?? undefined,
    // The socket sends own bookings only, so the organiser's list polls.
    refetchInterval: 15_000,
  });
}
