import type { Booking, BookingStatus } from '../api/types';
import { itemsOf, mapItems, type Pages } from './pages';

/** A booking's status only ever moves this way. */
const progress: Record<BookingStatus, number> = { PENDING: 0, CONFIRMED: 1, CANCELLED: 2 };

/**
 * The newer of two. With equal versions the later status wins: an expired hold reads as cancelled
 * before its cancellation, and with it the next version, has been written.
 */
export function newerBooking<B extends Booking>(known: B | undefined, other: B): B {
  if (!known || known.id !== other.id) return other;
  if (other.version !== known.version) return other.version > known.version ? other : known;
  return progress[other.status] >= progress[known.status] ? other : known;
}

/** An event for a booking the list does not show changes nothing. */
export function applyBookingToPages<B extends Booking>(pages: Pages<B>, booking: B): Pages<B> {
  return mapItems(pages, (known) =>
    known.id === booking.id ? newerBooking(known, booking) : known,
  );
}

export function keepNewerBookingsInPages<B extends Booking>(
  known: Pages<B> | undefined,
  read: Pages<B>,
): Pages<B> {
  const byId = new Map(itemsOf(known).map((booking) => [booking.id, booking]));
  return mapItems(read, (booking) => newerBooking(byId.get(booking.id), booking));
}
