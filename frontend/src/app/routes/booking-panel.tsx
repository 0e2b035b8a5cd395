import { Card, Divider, Stack } from '@mantine/core';
import { useNavigate } from 'react-router';
import { openSignIn } from '../../features/auth/open-sign-in';
import { HoldForm } from '../../features/bookings/components/hold-form';
import { SaleStatus } from '../../features/shows/components/sale-status';
import { useSaleState } from '../../features/shows/use-sale-state';
import type { Availability, Received, Show } from '../../lib/api/types';

interface BookingPanelProps {
  show: Received<Show>;
  signedIn: boolean;
}

// ALL_HELD has no reason here: the server reclaims an expired hold when somebody asks for its slots.
const closedReasons: Partial<Record<Availability, string>> = {
  UPCOMING: 'Stay here: as soon as booking opens you can hold your slots, without reloading.',
  SOLD_OUT: 'Every slot is booked. Should one come back, you will see it here at once.',
  CLOSED: 'Booking for this show has closed.',
};

/** The state of the sale, with the form to hold slots while it is open. */
export function BookingPanel({ show, signedIn }: BookingPanelProps) {
  const { availability } = useSaleState(show);
  const navigate = useNavigate();
  return (
    <Card component="section" aria-label="Book" withBorder padding="lg">
      <Stack>
        <SaleStatus show={show} />
        <Divider />
        <HoldForm
          show={show}
          signedIn={signedIn}
          closedReason={closedReason(show, availability)}
          onSignIn={openSignIn}
          onHeld={({ id }) => void navigate(`/bookings/${id}`)}
        />
      </Stack>
    </Card>
  );
}

function closedReason(show: Show, availability: Availability): string | null {
  if (show.status === 'CANCELLED') return 'The organiser cancelled this show.';
  return closedReasons[availability] ?? null;
}
