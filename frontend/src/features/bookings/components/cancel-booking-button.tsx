import { Button, Text, type ButtonProps } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { Booking } from '../../../lib/api/types';

interface CancelBookingButtonProps extends ButtonProps {
  booking: Pick<Booking, 'reference' | 'quantity'>;
  onConfirm: () => void;
}

/** Asks first: a confirmed slot given back may be gone the next second. */
export function CancelBookingButton({ booking, onConfirm, ...props }: CancelBookingButtonProps) {
  const slots = booking.quantity === 1 ? 'its slot' : `all ${booking.quantity} slots`;
  const ask = () =>
    modals.openConfirmModal({
      title: `Cancel booking ${booking.reference}?`,
      children: <Text>This gives {slots} back for others to book. It cannot be undone.</Text>,
      labels: { cancel: 'Keep it', confirm: 'Yes, cancel it' },
      confirmProps: { color: 'red.9' },
      onConfirm,
    });
  return (
    <Button variant="default" onClick={ask} {...props}>
      Cancel booking
    </Button>
  );
}
