import { Badge } from '@mantine/core';
import type { Booking, BookingStatus } from '../lib/api/types';

const badges: Record<BookingStatus, { color: string; text: string }> = {
  PENDING: { color: 'orange', text: 'Held' },
  CONFIRMED: { color: 'green', text: 'Confirmed' },
  CANCELLED: { color: 'gray', text: 'Cancelled' },
};

const expired = { color: 'gray', text: 'Expired' };

/** An expired hold is labelled "Expired": nobody cancelled it. */
export function BookingStatusBadge({
  booking,
}: {
  booking: Pick<Booking, 'status' | 'cancelReason'>;
}) {
  const { color, text } = booking.cancelReason === 'EXPIRED' ? expired : badges[booking.status];
  return (
    <Badge variant="light" color={color} miw="max-content">
      {text}
    </Badge>
  );
}
