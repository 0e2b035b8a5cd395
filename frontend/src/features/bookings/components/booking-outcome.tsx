import { Alert, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { Booking, Received } from '../../../lib/api/types';
import { useServerTime } from '../../../lib/time/use-server-time';
import { formatDateTime } from '../../../lib/time/zone-time';
import { cancelReason } from '../cancel-reason';
import { BookingActions } from './booking-actions';

export interface BookingOutcomeProps {
  booking: Received<Booking>;
  /** When a confirmed booking can no longer be cancelled; null where this account always may. */
  cancelUntil: string | null;
}

/** A booking that is no longer just held. */
export function BookingOutcome({ booking, cancelUntil }: BookingOutcomeProps) {
  const deadline = cancelUntil === null ? Infinity : Date.parse(cancelUntil);
  const isFinal = useServerTime([deadline]) >= deadline;
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
      {cancelUntil !== null && (
        <Text size="sm" c="dimmed">
          {isFinal ? 'Cancelling ended on' : 'You can cancel or reduce it until'}{' '}
          {formatDateTime(cancelUntil, booking.show.timeZone)}.
        </Text>
      )}
      {!isFinal && <BookingActions booking={booking} />}
    </Stack>
  );
}
