import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../../lib/api/client';
import type { ShowDetail } from '../../../lib/api/types';
import { keepNewerCounters } from '../../../lib/live/patch-shows';
import { queryKeys } from '../../../lib/query-keys';
import { now } from '../../../lib/time/countdown';

async function getShow(id: string, signal: AbortSignal): Promise<ShowDetail> {
  const { data, response } = await answer(
    api.GET('/api/v1/shows/{id}', { params: { path: { id } }, signal }),
  );
  return { ...data, receivedAt: now(), etag: response.headers.get('etag') };
}

export function showQuery(id: string) {
  return queryOptions({
    queryKey: queryKeys.shows.detail(id),
    queryFn: ({ signal }) => getShow(id, signal),
    structuralSharing: (known, read) =>
      keepNewerCounters(known as ShowDetail | undefined, read as ShowDetail),
  });
}
