import { Button, Group, Modal, Stack, Text, type ButtonProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ProblemAlert } from '../../../components/problem-alert';
import type { Booking } from '../../../lib/api/types';
import { useCancelBooking } from '../api/cancel-booking';

interface CancelBookingButtonProps extends ButtonProps {
  booking: Pick<Booking, 'id' | 'reference' | 'quantity'>;
}

/** Asks first: a confirmed slot given back may be gone the next second. */
export function CancelBookingButton({ booking, ...props }: CancelBookingButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const cancel = useCancelBooking();
  const slots = booking.quantity === 1 ? 'its slot' : `all ${booking.quantity} slots`;

  return (
    <>
      <Button variant="default" onClick={open} {...props}>
        Cancel booking
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={`Cancel booking ${booking.reference}?`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <Text>This gives {slots} back for others to book. It cannot be undone.</Text>
          {cancel.error && <ProblemAlert error={cancel.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button
              color="red"
              loading={cancel.isPending}
              onClick={() => cancel.mutate(booking.id, { onSuccess: close })}
            >
              Yes, cancel it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
