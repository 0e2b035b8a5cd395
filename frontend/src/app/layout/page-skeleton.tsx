import { Skeleton, Stack } from '@mantine/core';

/** A placeholder while a page's code and data load. */
export function PageSkeleton() {
  return (
    <Stack role="status" aria-label="Loading">
      <Skeleton height={36} width="min(60%, 420px)" />
      <Skeleton height={20} width="40%" />
      <Skeleton height={280} radius="md" />
    </Stack>
  );
}
