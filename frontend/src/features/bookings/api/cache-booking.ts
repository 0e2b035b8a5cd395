import type { QueryClient } from '@tanstack/react-query';
import type { Booking, Received } from '../../../lib/api/types';
import { queryKeys } from '../../../lib/query-keys';
import { applyBookingUpdated } from '../../../lib/live/patch-cache';
import { now } from '../../../lib/time/countdown';

/** Writes the response of a command into the query cache, as the socket's event does. */
export function cacheBooking(queryClient: QueryClient, booking: Booking): void {
  const received: Received<Booking> = { ...booking, receivedAt: now() };
  queryClient.setQueryData(
    queryKeys.bookings.detail(booking.id),
    (known: Received<Booking> | undefined) => known ?? received,
  );
  applyBookingUpdated(queryClient, booking);
  void queryClient.invalidateQueries({ queryKey: queryKeys.showBookings.ofShow(booking.showId) });
}
