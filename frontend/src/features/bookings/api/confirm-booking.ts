import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import { retryCommand, retryDelay } from '../../../lib/api/retry';
import type { Booking } from '../../../lib/api/types';
import { queryKeys } from '../../../lib/query-keys';
import { cacheBooking } from './cache-booking';

function confirmBooking(id: string): Promise<Booking> {
  return body(api.POST('/api/v1/bookings/{id}/confirm', { params: { path: { id } } }));
}

export function useConfirmBooking() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: confirmBooking,
    retry: retryCommand,
    retryDelay,
    onSuccess: (booking) => cacheBooking(queryClient, booking),
    onError: (_error, id) =>
      queryClient.invalidateQueries({ queryKey: queryKeys.bookings.detail(id) }),
  });
}
