import type { QueryClient } from '@tanstack/react-query';
import type { Show, ShowDetail } from '../../../lib/api/types';
import { queryKeys } from '../../../lib/query-keys';
import { now } from '../../../lib/time/countdown';

/** Writes the response of an edit into the query cache and invalidates the lists. */
export function cacheShow(queryClient: QueryClient, show: Show, response: Response): void {
  const detail: ShowDetail = { ...show, receivedAt: now(), etag: response.headers.get('etag') };
  queryClient.setQueryData(queryKeys.shows.detail(show.id), detail);
  // Without an ETag the next edit could not send If-Match.
  if (detail.etag === null) {
    void queryClient.invalidateQueries({ queryKey: queryKeys.shows.detail(show.id) });
  }
  void queryClient.invalidateQueries({ queryKey: queryKeys.shows.lists });
}
