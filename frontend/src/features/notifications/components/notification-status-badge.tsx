import { Badge } from '@mantine/core';
import type { Notification } from '../../../lib/api/types';

const badges: Record<Notification['status'], { color: string; text: string }> = {
  PENDING: { color: 'orange', text: 'Pending' },
  SENT: { color: 'green', text: 'Sent' },
  FAILED: { color: 'red', text: 'Failed' },
  SKIPPED: { color: 'gray', text: 'Not needed' },
};

export function NotificationStatusBadge({ status }: Pick<Notification, 'status'>) {
  const { color, text } = badges[status];
  return (
    <Badge variant="light" color={color} miw="max-content">
      {text}
    </Badge>
  );
}
