import { Alert, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { Booking, Received } from '../../../lib/api/types';
import { cancelReason } from '../cancel-reason';
import { BookingActions } from './booking-actions';

/** A booking that is no longer just held. */
export function BookingOutcome({ booking }: { booking: Received<Booking> }) {
  if (booking.status === 'CANCELLED') {
    const title =
      booking.cancelReason === 'EXPIRED' ? 'Your hold has expired' : 'This booking is cancelled';
    return (
      <Alert color="gray" icon={<IconCircleX />} title={title} role="status">
        {cancelReason(booking)}
      </Alert>
    );
  }
  return (
    <Stack>
      <Alert color="green" icon={<IconCircleCheck />} title="Booking confirmed" role="status">
        <Text size="sm">The slots are yours. Show or say this reference when you arrive.</Text>
      </Alert>
      <BookingActions booking={booking} />
    </Stack>
  );
}
