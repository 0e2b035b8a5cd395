import { Table, Text } from '@mantine/core';
import type { Notification } from '../../../lib/api/types';
import { formatDateTime } from '../../../lib/time/zone-time';
import { NotificationStatusBadge } from './notification-status-badge';

const kinds: Record<Notification['kind'], string> = {
  HOLD_MADE: 'Hold made',
  BOOKING_CONFIRMED: 'Booking confirmed',
  BOOKING_REDUCED: 'Booking reduced',
  BOOKING_CANCELLED: 'Booking cancelled',
  SHOW_CHANGED: 'Show changed',
  SHOW_CANCELLED: 'Show cancelled',
};

const channels: Record<Notification['channel'], string> = { EMAIL: 'E-mail', SMS: 'SMS' };

/** The time of sending is shown in the reader's zone, not in the show's. */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function NotificationsTable({ notifications }: { notifications: Notification[] }) {
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table verticalSpacing="sm" highlightOnHover aria-label="Notifications">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>To</Table.Th>
            <Table.Th>Channel</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Error</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {notifications.map((notification) => (
            <Table.Tr key={notification.id}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                {formatDateTime(notification.sentAt ?? notification.createdAt, zone)}
              </Table.Td>
              <Table.Td>
                <Recipient notification={notification} />
              </Table.Td>
              <Table.Td>{channels[notification.channel]}</Table.Td>
              <Table.Td>{kinds[notification.kind]}</Table.Td>
              <Table.Td>
                <NotificationStatusBadge status={notification.status} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{notification.error}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The address and, if it differs, the account. */
function Recipient({ notification: { recipient, user } }: { notification: Notification }) {
  const owner = user.name ?? (user.email === recipient ? null : user.email);
  return (
    <>
      <Text size="sm">{recipient}</Text>
      {owner && (
        <Text size="sm" c="dimmed">
          {owner}
        </Text>
      )}
    </>
  );
}
