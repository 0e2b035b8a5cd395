import { Button, Group, Stack } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { ProblemAlert } from '../../../components/problem-alert';
import type { Booking, Received } from '../../../lib/api/types';
import { useCancelBooking } from '../api/cancel-booking';
import { useConfirmBooking } from '../api/confirm-booking';
import { CancelBookingButton } from './cancel-booking-button';
import { ReduceBookingButton } from './reduce-booking-button';

/** What its owner can do with a hold, or with a confirmed booking. */
export function BookingActions({ booking }: { booking: Received<Booking> }) {
  const confirm = useConfirmBooking();
  const cancel = useCancelBooking();
  const error = confirm.error ?? cancel.error;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {booking.status === 'PENDING' ? (
          <>
            <Button
              leftSection={<IconCheck size={18} />}
              loading={confirm.isPending}
              disabled={cancel.isPending}
              onClick={() => confirm.mutate(booking.id)}
            >
              Confirm booking
            </Button>
            <Button
              variant="default"
              loading={cancel.isPending}
              disabled={confirm.isPending}
              onClick={() => cancel.mutate(booking.id)}
            >
              Give back
            </Button>
          </>
        ) : (
          <CancelBookingButton
            booking={booking}
            loading={cancel.isPending}
            onConfirm={() => cancel.mutate(booking.id)}
          />
        )}
        {booking.quantity > 1 && <ReduceBookingButton booking={booking} />}
      </Group>
      {error && <ProblemAlert error={error} />}
    </Stack>
  );
}
