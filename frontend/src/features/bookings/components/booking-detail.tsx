import { Anchor, Card, Divider, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { BookingStatusBadge } from '../../../components/booking-status-badge';
import { describeZone, formatPeriod } from '../../../lib/time/zone-time';
import { slotCount } from '../slot-count';
import { BookingOutcome, type BookingOutcomeProps } from './booking-outcome';
import { HoldPanel } from './hold-panel';
import { ReferenceCode } from './reference-code';

export function BookingDetail({ booking, cancelUntil }: BookingOutcomeProps) {
  const { show, status } = booking;
  return (
    <Card withBorder padding="lg">
      <Stack gap="lg">
        <Group justify="space-between" align="flex-start">
          <Stack gap={2}>
            <Text size="sm" c="dimmed">
              Reference
            </Text>
            <ReferenceCode reference={booking.reference} size={34} />
          </Stack>
          <BookingStatusBadge booking={booking} />
        </Group>
        <Stack gap={2}>
          <Anchor component={Link} to={`/shows/${booking.showId}`} fw={600} size="lg">
            {show.title}
          </Anchor>
          <Text>
            {slotCount(booking.quantity)} ·{' '}
            {formatPeriod(show.startsAt, show.endsAt, show.timeZone)}
          </Text>
          <Text size="sm" c="dimmed">
            {[show.venue, describeZone(show.timeZone)].filter(Boolean).join(' · ')}
          </Text>
        </Stack>
        <Divider />
        {status === 'PENDING' ? (
          <HoldPanel booking={booking} />
        ) : (
          <BookingOutcome booking={booking} cancelUntil={cancelUntil} />
        )}
      </Stack>
    </Card>
  );
}
