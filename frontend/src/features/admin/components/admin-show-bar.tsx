import { Button, Group } from '@mantine/core';
import { IconEdit, IconListDetails } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Show } from '../../../lib/api/types';
import { CancelShowButton } from './cancel-show-button';

/** What an organiser can do with a show, on its page. */
export function AdminShowBar({ show }: { show: Show }) {
  return (
    <Group gap="xs" role="group" aria-label="Organiser">
      <Button
        component={Link}
        to={`/admin/shows/${show.id}/bookings`}
        variant="light"
        size="xs"
        leftSection={<IconListDetails size={16} />}
      >
        Bookings
      </Button>
      <Button
        component={Link}
        to={`/admin/shows/${show.id}/edit`}
        variant="light"
        size="xs"
        leftSection={<IconEdit size={16} />}
      >
        Edit show
      </Button>
      {show.status === 'SCHEDULED' && <CancelShowButton show={show} />}
    </Group>
  );
}
