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
