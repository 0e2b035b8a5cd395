import { Button, EmptyState, Stack } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { PageHeading } from '../../components/page-heading';

export function NotFoundRoute() {
  return (
    <Stack align="center" mt="xl">
      <PageHeading>Page not found</PageHeading>
      <EmptyState
        icon={<IconMapOff />}
        description="There is nothing at this address. Check it for a typing mistake."
      >
        <EmptyState.Actions>
          <Button component={Link} to="/">
            See all shows
          </Button>
        </EmptyState.Actions>
      </EmptyState>
    </Stack>
  );
}
