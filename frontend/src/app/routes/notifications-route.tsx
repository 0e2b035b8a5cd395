import { Card, EmptyState, Skeleton, Stack } from '@mantine/core';
import { IconMailOff } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { LoadMore } from '../../components/load-more';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { notificationsQuery } from '../../features/notifications/api/get-notifications';
import { NotificationsTable } from '../../features/notifications/components/notifications-table';
import { itemsOf } from '../../lib/live/pages';
import { RequireUser } from '../require-user';

export function NotificationsRoute() {
  return (
    <RequireUser needs="ADMIN">
      <Notifications />
    </RequireUser>
  );
}

function Notifications() {
  const query = useInfiniteQuery(notificationsQuery);
  const notifications = itemsOf(query.data);
  return (
    <Stack>
      <PageHeading>Notifications</PageHeading>
      {query.isPending && (
        <Skeleton height={300} radius="md" role="status" aria-label="Loading notifications" />
      )}
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && notifications.length === 0 && (
        <EmptyState icon={<IconMailOff />} title="Nothing was sent yet" />
      )}
      {notifications.length > 0 && (
        <Card withBorder padding={0}>
          <NotificationsTable notifications={notifications} />
        </Card>
      )}
      <LoadMore {...query}>Load more notifications</LoadMore>
    </Stack>
  );
}
