import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { BackLink } from '../../components/back-link';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { bookingQuery } from '../../features/bookings/api/get-booking';
import { BookingDetail } from '../../features/bookings/components/booking-detail';
import { showQuery } from '../../features/shows/api/get-show';
import { useUser } from '../../lib/session/user-query';
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
  const booking = query.data;
  // The deadline is a field of the show, not of the booking.
  const show = useQuery({
    ...showQuery(booking?.showId ?? ''),
    enabled: booking?.status === 'CONFIRMED',
  });
  const isAdmin = useUser()?.role === 'ADMIN';
  if (query.isPending) return <PageSkeleton />;
  return (
    <Stack maw={680} mx="auto">
      <BackLink to="/bookings">My bookings</BackLink>
      <PageHeading>Your booking</PageHeading>
      {booking ? (
        <BookingDetail
          booking={booking}
          cancelUntil={isAdmin ? null : (show.data?.cancelUntil ?? booking.show.startsAt)}
        />
      ) : (
        <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      )}
    </Stack>
  );
}
