import type { QueryClient } from '@tanstack/react-query';
import type { Show, ShowDetail } from '../../../lib/api/types';
import { queryKeys } from '../../../lib/query-keys';
import { now } from '../../../lib/time/countdown';

/** Puts the answer of an edit where the reads look, and has the lists read again. */
export function cacheShow(queryClient: QueryClient, show: Show, response: Response): void {
  const detail: ShowDetail = { ...show, receivedAt: now(), etag: response.headers.get('etag') };
  queryClient.setQueryData(queryKeys.shows.detail(show.id), detail);
  // An answer without an ETag would make the next edit one without a guard.
  if (detail.etag === null) {
    void queryClient.invalidateQueries({ queryKey: queryKeys.shows.detail(show.id) });
  }
  void queryClient.invalidateQueries({ queryKey: queryKeys.shows.lists });
}
