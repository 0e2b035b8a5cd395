import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Received, Show } from '../../lib/api/types';
import { itemsOf, type Pages } from '../../lib/live/pages';
import { queryKeys } from '../../lib/query-keys';

/** Every region in the lists read so far, also those before the current filter. */
export function useKnownRegions(current: Pages<Received<Show>> | undefined): string[] {
  const queryClient = useQueryClient();
  return useMemo(() => {
    const lists = queryClient.getQueriesData<Pages<Received<Show>>>({
      queryKey: queryKeys.shows.lists,
    });
    const shows = [current, ...lists.map(([, pages]) => pages)].flatMap(itemsOf);
    const regions = shows.map(({ region }) => region).filter((region) => region !== null);
    return [...new Set(regions)].toSorted();
  }, [queryClient, current]);
}
