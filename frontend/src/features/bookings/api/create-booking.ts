import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import { hasCode } from '../../../lib/api/problem';
import { retryCommand, retryDelay } from '../../../lib/api/retry';
import type { Booking, CreateBooking } from '../../../lib/api/types';
import { queryKeys } from '../../../lib/query-keys';
import { cacheBooking } from './cache-booking';

interface Attempt {
  booking: CreateBooking;
  /** The same for every retry of this attempt, so that a lost response never books twice. */
  idempotencyKey: string;
}

function createBooking({ booking, idempotencyKey }: Attempt): Promise<Booking> {
  return body(
    api.POST('/api/v1/bookings', {
      params: { header: { 'Idempotency-Key': idempotencyKey } },
      body: booking,
    }),
  );
}

export function useCreateBooking() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createBooking,
    retry: retryCommand,
    retryDelay,
    onSuccess: (booking) => cacheBooking(queryClient, booking),
    // A refusal means that the cached show, or the list of own holds, is out of date.
    onError: (error, { booking }) => {
      void queryClient.invalidateQueries({ queryKey: queryKeys.shows.detail(booking.showId) });
      if (hasCode(error, 'LIMIT_PER_USER', 'TOO_MANY_HELD')) {
        void queryClient.invalidateQueries({ queryKey: queryKeys.bookings.lists });
      }
    },
  });
}
