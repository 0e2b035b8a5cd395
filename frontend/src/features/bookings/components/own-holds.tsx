import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { IconTicket } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Booking, Show } from '../../../lib/api/types';
import { ownHoldNotice } from '../own-hold-notice';

interface OwnHoldsProps {
  show: Pick<Show, 'id' | 'availableSlots' | 'heldSlots' | 'maxSlotsPerUser'>;
  holds: Booking[];
  /** Why the last attempt was refused, if it was. */
  error: unknown;
}

/** Own holds that prevent another one, with links to them. */
export function OwnHolds({ show, holds, error }: OwnHoldsProps) {
  const notice = ownHoldNotice(show, holds, error);
  if (!notice) return null;
  return (
    <Alert color="indigo" icon={<IconTicket />} role="status" aria-label="Your holds">
      <Stack gap={4} align="flex-start">
        <Text size="sm">{notice.text}</Text>
        {notice.holds.map((hold) => (
          <Anchor
            key={hold.id}
            component={Link}
            to={`/bookings/${hold.id}`}
            c="inherit"
            underline="always"
            size="sm"
            fw={600}
          >
            {hold.showId === show.id ? 'Go to your hold' : hold.show.title} ({hold.reference})
          </Anchor>
        ))}
        {notice.holds.length === 0 && (
          <Anchor component={Link} to="/bookings" c="inherit" underline="always" size="sm" fw={600}>
            Go to your bookings
          </Anchor>
        )}
      </Stack>
    </Alert>
  );
}
