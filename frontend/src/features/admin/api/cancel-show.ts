import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../../lib/api/client';
import { retryCommand, retryDelay } from '../../../lib/api/retry';
import { queryKeys } from '../../../lib/query-keys';
import { cacheShow } from './cache-show';

function cancelShow(id: string) {
  return answer(api.POST('/api/v1/shows/{id}/cancel', { params: { path: { id } } }));
}

export function useCancelShow() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: cancelShow,
    retry: retryCommand,
    retryDelay,
    onSuccess: ({ data, response }) => {
      cacheShow(queryClient, data, response);
      void queryClient.invalidateQueries({ queryKey: queryKeys.showBookings.ofShow(data.id) });
    },
  });
}
