import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { BackLink } from '../../components/back-link';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { EditShow } from '../../features/admin/components/edit-show';
import { showQuery } from '../../features/shows/api/get-show';
import { PageSkeleton } from '../layout/page-skeleton';
import { RequireUser } from '../require-user';

export function EditShowRoute() {
  const { showId = '' } = useParams();
  return (
    <RequireUser needs="ADMIN">
      <EditShowPage key={showId} showId={showId} />
    </RequireUser>
  );
}

function EditShowPage({ showId }: { showId: string }) {
  // The cache may hold an older revision; editing starts from the current one.
  const query = useQuery({ ...showQuery(showId), refetchOnMount: 'always' });
  const [reloads, setReloads] = useState(0);
  const [read, setRead] = useState(false);
  const navigate = useNavigate();
  const back = () => void navigate(`/shows/${showId}`);
  if (!read && !query.isFetching) setRead(true);

  if (query.isPending || (!read && query.data)) return <PageSkeleton />;
  return (
    <Stack maw={820} mx="auto">
      <BackLink to={`/shows/${showId}`}>Back to the show</BackLink>
      <PageHeading>Edit show</PageHeading>
      {query.data ? (
        <EditShow
          key={reloads}
          show={query.data}
          onSaved={back}
          onDiscard={back}
          onReload={() => void query.refetch().then(() => setReloads((count) => count + 1))}
        />
      ) : (
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      )}
    </Stack>
  );
}
