import { Group, RingProgress, Stack, Text, Title } from '@mantine/core';
import { Countdown } from '../../../components/countdown';
import type { Booking, Received } from '../../../lib/api/types';
import { useSecondsLeft } from '../../../lib/time/use-seconds-left';
import { BookingActions } from './booking-actions';

/** A hold and the time it has left: confirm it, or give it back for somebody else. */
export function HoldPanel({ booking }: { booking: Received<Booking> }) {
  const left = useSecondsLeft(booking.secondsToExpiry, booking.receivedAt) ?? 0;
  const expired = left === 0;
  return (
    <Group gap="lg" justify="center">
      <RingProgress
        size={148}
        thickness={10}
        roundCaps
        sections={[{ value: share(booking, left), color: left <= 20 ? 'red' : 'indigo' }]}
        label={
          <Stack gap={0} align="center">
            <Countdown seconds={left} label="Time left to confirm" fz={28} fw={700} />
            <Text size="xs" c="dimmed">
              left
            </Text>
          </Stack>
        }
      />
      <Stack gap="sm" flex={1} miw={240}>
        <Title order={2} size="h3">
          {expired ? 'The hold has run out' : 'Held for you'}
        </Title>
        <Text>
          {expired
            ? 'The slots are going back. This page will say so in a moment.'
            : 'Nobody else can take these slots now. Confirm before the time is up.'}
        </Text>
        {!expired && <BookingActions booking={booking} />}
      </Stack>
    </Group>
  );
}

/** The share of the hold that is left, from server times only. */
function share({ createdAt, expiresAt }: Booking, left: number): number {
  const whole = expiresAt === null ? 0 : (Date.parse(expiresAt) - Date.parse(createdAt)) / 1000;
  return whole > 0 ? Math.min(100, (left / whole) * 100) : 0;
}
