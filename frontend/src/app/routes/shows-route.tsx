import { Button, EmptyState, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCalendarOff } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { LoadMore } from '../../components/load-more';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { showsQuery } from '../../features/shows/api/get-shows';
import { ShowFilters } from '../../features/shows/components/show-filters';
import { ShowGrid, ShowGridSkeleton } from '../../features/shows/components/show-grid';
import { showEndsAt } from '../../features/shows/sale-times';
import { showFilters } from '../../features/shows/show-filters';
import { useKnownRegions } from '../../features/shows/use-known-regions';
import { itemsOf } from '../../lib/live/pages';
import { useWatchShows } from '../../lib/live/use-watch-shows';
import { useServerTime } from '../../lib/time/use-server-time';

export function ShowsRoute() {
  const [filters, setFilters] = useQueryStates(showFilters);
  const [q] = useDebouncedValue(filters.q, 300);
  const query = useInfiniteQuery(showsQuery({ ...filters, q }));
  const regions = useKnownRegions(query.data);
  const all = itemsOf(query.data);
  // Shows that ended since the list was read are left out.
  const time = useServerTime(all.map(showEndsAt));
  const shows = all.filter((show) => showEndsAt(show) > time);
  useWatchShows(shows.map(({ id }) => id));

  return (
    <Stack gap="lg">
      <Stack gap={4}>
        <PageHeading>Shows</PageHeading>
        <Text c="dimmed">Pick one, hold your slots, and confirm before the time is up.</Text>
      </Stack>
      <ShowFilters
        filters={filters}
        regions={regions}
        onChange={(changes) => void setFilters(changes)}
      />
      {query.isPending && <ShowGridSkeleton />}
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && shows.length === 0 && (
        <EmptyState
          icon={<IconCalendarOff />}
          title="No shows found"
          description="Nothing coming up fits this search."
        >
          <EmptyState.Actions>
            <Button variant="default" onClick={() => void setFilters(null)}>
              Clear all filters
            </Button>
          </EmptyState.Actions>
        </EmptyState>
      )}
      <ShowGrid shows={shows} />
      <LoadMore {...query}>Load more shows</LoadMore>
    </Stack>
  );
}
