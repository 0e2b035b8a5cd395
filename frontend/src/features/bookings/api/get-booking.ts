import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import type { Booking, Received } from '../../../lib/api/types';
import { newerBooking } from '../../../lib/live/patch-bookings';
import { queryKeys } from '../../../lib/query-keys';
import { now, secondsLeft } from '../../../lib/time/countdown';

async function getBooking(id: string, signal: AbortSignal): Promise<Received<Booking>> {
  const booking = await body(
    api.GET('/api/v1/bookings/{id}', { params: { path: { id } }, signal }),
  );
  return { ...booking, receivedAt: now() };
}

export function bookingQuery(id: string) {
  return queryOptions({
    queryKey: queryKeys.bookings.detail(id),
    queryFn: ({ signal }) => getBooking(id, signal),
    structuralSharing: (known, read) =>
      newerBooking(known as Received<Booking> | undefined, read as Received<Booking>),
    // The ledger decides about an expired hold; poll in case its event is lost.
    refetchInterval: ({ state }) => (state.data && hasExpired(state.data) ? 2000 : false),
  });
}

function hasExpired({ status, secondsToExpiry, receivedAt }: Received<Booking>): boolean {
  return status === 'PENDING' && secondsLeft({ seconds: secondsToExpiry, receivedAt }, now()) === 0;
}
