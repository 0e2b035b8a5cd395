import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { api, body } from '../../../lib/api/client';
import type { ListPage, Received, Show } from '../../../lib/api/types';
import type { Pages } from '../../../lib/live/pages';
import { keepNewerCountersInPages } from '../../../lib/live/patch-shows';
import { queryKeys } from '../../../lib/query-keys';
import { now } from '../../../lib/time/countdown';
import type { ShowFilters } from '../show-filters';

async function getShows(
  { q, kind, region, available }: ShowFilters,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<ListPage<Received<Show>>> {
  const query = {
    ...(q.trim() && { q: q.trim() }),
    ...(kind && { kind }),
    ...(region && { region }),
    ...(available && { available: 'true' as const }),
    limit: 24,
    ...(cursor ? { cursor } : {}),
  };
  const page = await body(api.GET('/api/v1/shows', { params: { query }, signal }));
  const receivedAt = now();
  return { ...page, data: page.data.map((show) => ({ ...show, receivedAt })) };
}

export function showsQuery(filters: ShowFilters) {
  return infiniteQueryOptions({
    queryKey: queryKeys.shows.list(filters),
    queryFn: ({ pageParam, signal }) => getShows(filters, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ page }) => page.nextCursor ?? undefined,
    structuralSharing: (known, read) =>
      keepNewerCountersInPages(
        known as Pages<Received<Show>> | undefined,
        read as Pages<Received<Show>>,
      ),
    // While somebody types, the old list stays instead of a flash of skeletons.
    placeholderData: keepPreviousData,
  });
}
