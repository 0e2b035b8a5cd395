import { Stack } from '@mantine/core';
import { useEffect } from 'react';
import { useRouteError } from 'react-router';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';

/** Unexpected errors: a page that throws, or a chunk that does not load. */
export function ErrorRoute() {
  const error = useRouteError();
  useEffect(() => console.error(error), [error]);
  return (
    <Stack maw={640} mx="auto" p="lg">
      <PageHeading>This page did not work</PageHeading>
      <ProblemAlert error={error} onRetry={() => location.reload()} retryLabel="Reload the page" />
    </Stack>
  );
}
