import { Button, EmptyState, SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { IconTicketOff } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { LoadMore } from '../../components/load-more';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { bookingStatusChoices, toStatus } from '../../components/booking-status-choices';
import { bookingsQuery } from '../../features/bookings/api/get-bookings';
import { BookingCard } from '../../features/bookings/components/booking-card';
import { itemsOf } from '../../lib/live/pages';
import { RequireUser } from '../require-user';

export function BookingsRoute() {
  return (
    <RequireUser>
      <MyBookings />
    </RequireUser>
  );
}

function MyBookings() {
  const [choice, setChoice] = useState('ALL');
  const status = toStatus(choice);
  const query = useInfiniteQuery(bookingsQuery(status ? { status } : {}));
  const bookings = itemsOf(query.data);
  return (
    <Stack maw={760} mx="auto">
      <PageHeading>My bookings</PageHeading>
      <SegmentedControl
        fullWidth
        aria-label="Show bookings"
        data={bookingStatusChoices}
        value={choice}
        onChange={setChoice}
      />
      {query.isPending && (
        <Stack role="status" aria-label="Loading bookings">
          <Skeleton height={150} radius="md" />
          <Skeleton height={150} radius="md" />
        </Stack>
      )}
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && bookings.length === 0 && (
        <EmptyState
          mt="lg"
          icon={<IconTicketOff />}
          title={status ? 'None of these' : 'No bookings yet'}
          description={status ? 'You have no booking like this.' : 'What you hold appears here.'}
        >
          <EmptyState.Actions>
            <Button component={Link} to="/">
              Find a show
            </Button>
          </EmptyState.Actions>
        </EmptyState>
      )}
      {bookings.map((booking) => (
        <BookingCard key={booking.id} booking={booking} />
      ))}
      <LoadMore {...query}>Load more bookings</LoadMore>
    </Stack>
  );
}
