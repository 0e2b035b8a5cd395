import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { BackLink } from '../../components/back-link';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { bookingQuery } from '../../features/bookings/api/get-booking';
import { BookingDetail } from '../../features/bookings/components/booking-detail';
import { PageSkeleton } from '../layout/page-skeleton';
import { RequireUser } from '../require-user';

export function BookingRoute() {
  const { bookingId = '' } = useParams();
  return (
    <RequireUser>
      <BookingPage key={bookingId} bookingId={bookingId} />
    </RequireUser>
  );
}

function BookingPage({ bookingId }: { bookingId: string }) {
  const query = useQuery(bookingQuery(bookingId));
  if (query.isPending) return <PageSkeleton />;
  return (
    <Stack maw={680} mx="auto">
      <BackLink to="/bookings">My bookings</BackLink>
      <PageHeading>Your booking</PageHeading>
      {query.data ? (
        <BookingDetail booking={query.data} />
      ) : (
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      )}
    </Stack>
  );
}
