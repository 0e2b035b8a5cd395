import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import { retryCommand, retryDelay } from '../../../lib/api/retry';
import type { ChangePreferences } from '../../../lib/api/types';
import { queryKeys } from '../../../lib/query-keys';

function changePreferences(changes: ChangePreferences) {
  return body(api.PATCH('/api/v1/me/preferences', { body: changes }));
}

export function useChangePreferences() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: changePreferences,
    retry: retryCommand,
    retryDelay,
    onSuccess: (preferences) => queryClient.setQueryData(queryKeys.preferences, preferences),
  });
}
