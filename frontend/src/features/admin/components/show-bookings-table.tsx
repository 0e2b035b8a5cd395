import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { BookingStatusBadge } from '../../../components/booking-status-badge';
import type { BookingWithUser } from '../../../lib/api/types';
import { formatDateTime } from '../../../lib/time/zone-time';
import { BookingCustomer } from './booking-customer';

interface ShowBookingsTableProps {
  bookings: BookingWithUser[];
  /** The actions of a row, supplied by the page. */
  renderActions: (booking: BookingWithUser) => ReactNode;
}

export function ShowBookingsTable({ bookings, renderActions }: ShowBookingsTableProps) {
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table verticalSpacing="sm" highlightOnHover aria-label="Bookings of this show">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Reference</Table.Th>
            <Table.Th>Customer</Table.Th>
            <Table.Th ta="right">Slots</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Booked</Table.Th>
            <Table.Th aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {bookings.map((booking) => (
            <Table.Tr key={booking.id}>
              <Table.Td ff="monospace" fw={700}>
                {booking.reference}
              </Table.Td>
              <Table.Td>
                <BookingCustomer booking={booking} />
              </Table.Td>
              <Table.Td ta="right">{booking.quantity}</Table.Td>
              <Table.Td>
                <BookingStatusBadge booking={booking} />
              </Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                {formatDateTime(booking.createdAt, booking.show.timeZone)}
              </Table.Td>
              <Table.Td ta="right">
                {booking.status !== 'CANCELLED' && renderActions(booking)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
