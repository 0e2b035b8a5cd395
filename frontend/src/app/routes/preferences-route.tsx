import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { preferencesQuery } from '../../features/notifications/api/get-preferences';
import { PreferencesForm } from '../../features/notifications/components/preferences-form';
import { PageSkeleton } from '../layout/page-skeleton';
import { RequireUser } from '../require-user';

export function PreferencesRoute() {
  return (
    <RequireUser>
      <MyPreferences />
    </RequireUser>
  );
}

function MyPreferences() {
  const query = useQuery(preferencesQuery);
  if (query.isPending) return <PageSkeleton />;
  return (
    <Stack maw={560} mx="auto">
      <PageHeading>Preferences</PageHeading>
      <Text c="dimmed">How we tell you about your bookings.</Text>
      {query.data ? (
        <PreferencesForm preferences={query.data} />
      ) : (
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      )}
    </Stack>
  );
}
