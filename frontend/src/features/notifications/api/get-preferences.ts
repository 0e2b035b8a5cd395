import { queryOptions } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import { queryKeys } from '../../../lib/query-keys';

export const preferencesQuery = queryOptions({
  queryKey: queryKeys.preferences,
  queryFn: ({ signal }) => body(api.GET('/api/v1/me/preferences', { signal })),
  // Saving sends the whole form; stale values would undo a change made in another tab.
  gcTime: 0,
});
