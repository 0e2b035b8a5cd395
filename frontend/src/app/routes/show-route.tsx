import { Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { BackLink } from '../../components/back-link';
import { KindIcon } from '../../components/kind-icon';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { AdminShowBar } from '../../features/admin/components/admin-show-bar';
import { showQuery } from '../../features/shows/api/get-show';
import { ShowOverview } from '../../features/shows/components/show-overview';
import { useWatchShows } from '../../lib/live/use-watch-shows';
import { useUser } from '../../lib/session/user-query';
import { PageSkeleton } from '../layout/page-skeleton';
import { BookingPanel } from './booking-panel';

export function ShowRoute() {
  const { showId = '' } = useParams();
  const query = useQuery(showQuery(showId));
  const user = useUser();
  useWatchShows([showId]);

  if (query.isPending) return <PageSkeleton />;
  if (!query.data) {
    return (
      <Stack>
        <BackLink to="/">All shows</BackLink>
        <PageHeading>Show not available</PageHeading>
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      </Stack>
    );
  }
  const show = query.data;
  return (
    <Stack gap="lg">
      <BackLink to="/">All shows</BackLink>
      <Group gap="md" wrap="nowrap">
        <KindIcon kind={show.kind} size="xl" />
        <PageHeading>{show.title}</PageHeading>
      </Group>
      {user?.role === 'ADMIN' && <AdminShowBar show={show} />}
      <ShowOverview show={show} aside={<BookingPanel show={show} signedIn={Boolean(user)} />} />
    </Stack>
  );
}
