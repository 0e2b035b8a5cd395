import { DomainError } from '../errors/domain-error.js';
import type { Show } from './show.entity.js';

/** What an organiser writes. Everything else of a show follows from it or from its bookings. */
export type ShowFields = Pick<
  Show,
  | 'title'
  | 'description'
  | 'kind'
  | 'venue'
  | 'origin'
  | 'destination'
  | 'practitioner'
  | 'region'
  | 'startsAt'
  | 'endsAt'
  | 'bookingOpensAt'
  | 'bookingClosesAt'
  | 'cancelUntil'
  | 'timeZone'
  | 'totalSlots'
  | 'maxSlotsPerUser'
  | 'holdSeconds'
>;

type Schedule = Pick<ShowFields, 'startsAt' | 'endsAt' | 'bookingOpensAt' | 'bookingClosesAt'>;

/**
 * The rules between the times of a show.
 * @throws VALIDATION_FAILED naming each time that does not fit
 */
export function checkSchedule(show: Schedule): void {
  const errors: { path: string; message: string }[] = [];
  if (show.endsAt && show.endsAt <= show.startsAt) {
    errors.push({ path: 'endsAt', message: 'endsAt must be after startsAt' });
  }
  if (show.bookingClosesAt && show.bookingClosesAt > show.startsAt) {
    errors.push({ path: 'bookingClosesAt', message: 'bookingClosesAt must not be after startsAt' });
  }
  const closesAt = show.bookingClosesAt ?? show.startsAt;
  if (show.bookingOpensAt && show.bookingOpensAt >= closesAt) {
    errors.push({
      path: 'bookingOpensAt',
      message: 'bookingOpensAt must be before selling closes (bookingClosesAt, or else startsAt)',
    });
  }
  if (errors.length > 0) {
    throw new DomainError('invalid', 'VALIDATION_FAILED', 'The times do not fit.', { errors });
  }
}
