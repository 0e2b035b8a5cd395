import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import { queryKeys } from '../../../lib/query-keys';

export const preferencesQuery = queryOptions({
  queryKey: queryKeys.preferences,
  queryFn: ({ signal }) => body(api.GET('/api/v1/me/preferences', { signal })),
  // Saving sends the whole form: one filled from an older reading would undo another tab's choice.
  gcTime: 0,
});
