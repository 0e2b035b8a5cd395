import { Card, Divider, Stack, Text } from '@mantine/core';
import { useNavigate } from 'react-router';
import { HoldForm } from '../../features/bookings/components/hold-form';
import { SaleStatus } from '../../features/shows/components/sale-status';
import { useSaleState } from '../../features/shows/use-sale-state';
import type { Availability, Received, Show } from '../../lib/api/types';
import { useSignIn } from '../sign-in-provider';

interface BookingPanelProps {
  show: Received<Show>;
  signedIn: boolean;
}

const closedReasons: Partial<Record<Availability, string>> = {
  UPCOMING: 'Stay here: as soon as booking opens you can hold your slots, without reloading.',
  SOLD_OUT: 'Every slot is booked. Should one come back, you will see it here at once.',
  CLOSED: 'Booking for this show has closed.',
};

/** How the sale stands, and the way in while it is open. */
export function BookingPanel({ show, signedIn }: BookingPanelProps) {
  const { availability } = useSaleState(show);
  const navigate = useNavigate();
  const signIn = useSignIn();
  const closed = closedReasons[availability];
  return (
    <Card component="section" aria-label="Book" withBorder padding="lg">
      <Stack>
        <SaleStatus show={show} />
        <Divider />
        {closed ? (
          <Text size="sm" c="dimmed">
            {show.status === 'CANCELLED' ? 'The organiser cancelled this show.' : closed}
          </Text>
        ) : (
          // Also while all slots are held: a hold that has lapsed is taken back on demand.
          <HoldForm
            show={show}
            signedIn={signedIn}
            onSignIn={signIn}
            onHeld={({ id }) => void navigate(`/bookings/${id}`)}
          />
        )}
      </Stack>
    </Card>
  );
}
