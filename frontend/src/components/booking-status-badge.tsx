import { Badge } from '@mantine/core';
import type { BookingStatus } from '../lib/api/types';

const badges: Record<BookingStatus, { color: string; text: string }> = {
  PENDING: { color: 'orange', text: 'Held' },
  CONFIRMED: { color: 'green', text: 'Confirmed' },
  CANCELLED: { color: 'gray', text: 'Cancelled' },
};

export function BookingStatusBadge({ status }: { status: BookingStatus }) {
  const { color, text } = badges[status];
  return (
    <Badge variant="light" color={color} style={{ flexShrink: 0 }}>
      {text}
    </Badge>
  );
}
