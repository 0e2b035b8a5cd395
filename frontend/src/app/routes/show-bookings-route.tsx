import { Card, EmptyState, SegmentedControl, Stack } from '@mantine/core';
import { IconTicketOff } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { BackLink } from '../../components/back-link';
import { bookingStatusChoices, toStatus } from '../../components/booking-status-choices';
import { LoadMore } from '../../components/load-more';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { showBookingsQuery } from '../../features/admin/api/get-show-bookings';
import { ShowBookingsTable } from '../../features/admin/components/show-bookings-table';
import { useCancelBooking } from '../../features/bookings/api/cancel-booking';
import { CancelBookingButton } from '../../features/bookings/components/cancel-booking-button';
import { showQuery } from '../../features/shows/api/get-show';
import { SaleStatus } from '../../features/shows/components/sale-status';
import { useWatchShows } from '../../lib/live/use-watch-shows';
import { itemsOf } from '../../lib/live/pages';
import { PageSkeleton } from '../layout/page-skeleton';
import { RequireUser } from '../require-user';

export function ShowBookingsRoute() {
  const { showId = '' } = useParams();
  return (
    <RequireUser needs="ADMIN">
      <ShowBookings key={showId} showId={showId} />
    </RequireUser>
  );
}

function ShowBookings({ showId }: { showId: string }) {
  const [choice, setChoice] = useState('ALL');
  const status = toStatus(choice);
  const show = useQuery(showQuery(showId));
  const query = useInfiniteQuery(showBookingsQuery(showId, status ? { status } : {}));
  const bookings = itemsOf(query.data);
  const cancel = useCancelBooking();
  useWatchShows([showId]);

  if (show.isPending) return <PageSkeleton />;
  return (
    <Stack>
      <BackLink to={`/shows/${showId}`}>Back to the show</BackLink>
      <PageHeading size="h2">{`Bookings: ${show.data?.title ?? 'unknown show'}`}</PageHeading>
      {show.data && (
        <Card withBorder maw={480}>
          <SaleStatus show={show.data} />
        </Card>
      )}
      <SegmentedControl
        aria-label="Show bookings"
        maw={480}
        data={bookingStatusChoices}
        value={choice}
        onChange={setChoice}
      />
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {cancel.error && <ProblemAlert error={cancel.error} />}
      {query.isSuccess && bookings.length === 0 && (
        <EmptyState icon={<IconTicketOff />} title="No bookings here" />
      )}
      {bookings.length > 0 && (
        <Card withBorder padding={0}>
          <ShowBookingsTable
            bookings={bookings}
            renderActions={(booking) => (
              <CancelBookingButton
                booking={booking}
                size="compact-sm"
                loading={cancel.isPending && cancel.variables === booking.id}
                onConfirm={() => cancel.mutate(booking.id)}
              />
            )}
          />
        </Card>
      )}
      <LoadMore {...query}>Load more bookings</LoadMore>
    </Stack>
  );
}
