import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import { retryCommand, retryDelay } from '../../../lib/api/retry';
import type { Booking } from '../../../lib/api/types';
import { queryKeys } from '../../../lib/query-keys';
import { cacheBooking } from './cache-booking';

interface Reduction {
  id: string;
  /** The quantity to keep, so that a retry changes nothing. */
  quantity: number;
}

function reduceBooking({ id, quantity }: Reduction): Promise<Booking> {
  return body(
    api.POST('/api/v1/bookings/{id}/reduce', { params: { path: { id } }, body: { quantity } }),
  );
}

export function useReduceBooking() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: reduceBooking,
    retry: retryCommand,
    retryDelay,
    onSuccess: (booking) => cacheBooking(queryClient, booking),
    onError: (_error, { id }) =>
      queryClient.invalidateQueries({ queryKey: queryKeys.bookings.detail(id) }),
  });
}
