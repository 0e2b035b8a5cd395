import { Anchor, Button, Card, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { BookingStatusBadge } from '../../../components/booking-status-badge';
import { Countdown } from '../../../components/countdown';
import { KindIcon } from '../../../components/kind-icon';
import type { Booking, Received } from '../../../lib/api/types';
import { useSecondsLeft } from '../../../lib/time/use-seconds-left';
import { formatPeriod } from '../../../lib/time/zone-time';
import { cancelReason } from '../cancel-reason';
import { slotCount } from '../slot-count';
import { BookingActions } from './booking-actions';
import { ReferenceCode } from './reference-code';

export function BookingCard({ booking }: { booking: Received<Booking> }) {
  const left = useSecondsLeft(booking.secondsToExpiry, booking.receivedAt);
  const { show, status } = booking;
  return (
    <Card component="article" aria-label={`Booking ${booking.reference}`} withBorder>
      <Stack gap="sm">
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <KindIcon kind={show.kind} />
          <Stack gap={2} flex={1} miw={0}>
            <Anchor component={Link} to={`/bookings/${booking.id}`} fw={600} c="inherit">
              {show.title}
            </Anchor>
            <Text size="sm" c="dimmed">
              {formatPeriod(show.startsAt, show.endsAt, show.timeZone)}
              {show.venue && ` · ${show.venue}`}
            </Text>
          </Stack>
          <BookingStatusBadge booking={booking} />
        </Group>
        <Group justify="space-between" gap="xs">
          <Group gap="lg">
            <ReferenceCode reference={booking.reference} />
            <Text size="sm">{slotCount(booking.quantity)}</Text>
          </Group>
          {status === 'PENDING' && left !== null && (
            <Text size="sm" component="div">
              Time left:{' '}
              <Countdown silent seconds={left} label="Time left to confirm" fw={700} inherit />
            </Text>
          )}
        </Group>
        {status === 'CANCELLED' && (
          <Text size="sm" c="dimmed">
            {cancelReason(booking)}
          </Text>
        )}
        {status === 'PENDING' && left !== 0 && <BookingActions booking={booking} />}
        {status === 'CONFIRMED' && (
          <Button
            component={Link}
            to={`/bookings/${booking.id}`}
            variant="default"
            w="fit-content"
            aria-label={`Details of ${booking.reference}`}
          >
            Details
          </Button>
        )}
      </Stack>
    </Card>
  );
}
