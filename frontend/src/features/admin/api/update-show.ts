import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../../lib/api/client';
import type { UpdateShow } from '../../../lib/api/types';
import { cacheShow } from './cache-show';

interface Edit {
  id: string;
  /** Of the version the organiser saw: somebody else's edit in between is refused with 412. */
  etag: string | null;
  changes: UpdateShow;
}

function updateShow({ id, etag, changes }: Edit) {
  return answer(
    api.PATCH('/api/v1/shows/{id}', {
      params: { path: { id }, header: etag ? { 'If-Match': etag } : {} },
      body: changes,
    }),
  );
}

export function useUpdateShow() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: updateShow,
    onSuccess: ({ data, response }) => cacheShow(queryClient, data, response),
  });
}
