import type { BookingStatus } from '../lib/api/types';

/** For a control that filters bookings by status. */
export const bookingStatusChoices = [
  { value: 'ALL', label: 'All' },
  { value: 'PENDING', label: 'Held' },
  { value: 'CONFIRMED', label: 'Confirmed' },
  { value: 'CANCELLED', label: 'Cancelled' },
];

export function toStatus(choice: string): BookingStatus | undefined {
  return choice === 'ALL' ? undefined : (choice as BookingStatus);
}
