import { Stack, Text } from '@mantine/core';
import type { BookingWithUser } from '../../../lib/api/types';

/** The account that booked and, if different, the customer. */
export function BookingCustomer({ booking }: { booking: BookingWithUser }) {
  const { user, customer } = booking;
  const somebodyElse = [customer.name, customer.email, customer.phone].filter(Boolean).join(', ');
  return (
    <Stack gap={0}>
      {user.name && <Text size="sm">{user.name}</Text>}
      <Text size="sm" c={user.name ? 'dimmed' : undefined}>
        {user.email}
      </Text>
      {somebodyElse && <Text size="sm">for {somebodyElse}</Text>}
    </Stack>
  );
}
