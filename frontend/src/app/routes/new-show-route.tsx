import { Stack } from '@mantine/core';
import { useNavigate } from 'react-router';
import { PageHeading } from '../../components/page-heading';
import { NewShow } from '../../features/admin/components/new-show';
import { RequireUser } from '../require-user';

export function NewShowRoute() {
  const navigate = useNavigate();
  return (
    <RequireUser needs="ADMIN">
      <Stack maw={820} mx="auto">
        <PageHeading>New show</PageHeading>
        <NewShow
          onCreated={({ id }) => void navigate(`/shows/${id}`)}
          onDiscard={() => void navigate('/')}
        />
      </Stack>
    </RequireUser>
  );
}
