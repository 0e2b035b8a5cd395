import { SimpleGrid, Skeleton } from '@mantine/core';
import type { Received, Show } from '../../../lib/api/types';
import { ShowCard } from './show-card';

const columns = { base: 1, sm: 2, lg: 3 };

export function ShowGrid({ shows }: { shows: Received<Show>[] }) {
  return (
    <SimpleGrid cols={columns} spacing="md">
      {shows.map((show) => (
        <ShowCard key={show.id} show={show} />
      ))}
    </SimpleGrid>
  );
}

export function ShowGridSkeleton() {
  return (
    <SimpleGrid cols={columns} spacing="md" role="status" aria-label="Loading shows">
      {Array.from({ length: 9 }, (_, index) => (
        <Skeleton key={index} height={190} radius="md" />
      ))}
    </SimpleGrid>
  );
}
