import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import { retryCommand, retryDelay } from '../../../lib/api/retry';
import type { Booking } from '../../../lib/api/types';
import { queryKeys } from '../../../lib/query-keys';
import { cacheBooking } from './cache-booking';

function cancelBooking(id: string): Promise<Booking> {
  return body(api.POST('/api/v1/bookings/{id}/cancel', { params: { path: { id } } }));
}

export function useCancelBooking() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: cancelBooking,
    retry: retryCommand,
    retryDelay,
    onSuccess: (booking) => cacheBooking(queryClient, booking),
    onError: (_error, id) =>
      queryClient.invalidateQueries({ queryKey: queryKeys.bookings.detail(id) }),
  });
}
