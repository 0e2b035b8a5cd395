import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../../lib/api/client';
import type { CreateShow } from '../../../lib/api/types';
import { cacheShow } from './cache-show';

function createShow(show: CreateShow) {
  return answer(api.POST('/api/v1/shows', { body: show }));
}

export function useCreateShow() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: createShow,
    onSuccess: ({ data, response }) => cacheShow(queryClient, data, response),
  });
}
