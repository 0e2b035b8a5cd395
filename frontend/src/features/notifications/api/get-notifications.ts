import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import { queryKeys } from '../../../lib/query-keys';

function getNotifications(cursor: string | undefined, signal: AbortSignal) {
  const query = { limit: 50, ...(cursor ? { cursor } : {}) };
  return body(api.GET('/api/v1/notifications', { params: { query }, signal }));
}

export const notificationsQuery = infiniteQueryOptions({
  queryKey: queryKeys.notifications,
  queryFn: ({ pageParam, signal }) => getNotifications(pageParam, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ page }) => page.nextCursor ?? undefined,
});
