import type { Booking } from '../../lib/api/types';

const reasons: Record<NonNullable<Booking['cancelReason']>, string> = {
  USER: 'It was cancelled, and its slots went back.',
  EXPIRED: 'The hold ran out before it was confirmed, and its slots went back.',
  SHOW_CANCELLED: 'The organiser cancelled the show.',
};

export function cancelReason(booking: Pick<Booking, 'cancelReason'>): string {
  return booking.cancelReason === null ? 'It was cancelled.' : reasons[booking.cancelReason];
}
