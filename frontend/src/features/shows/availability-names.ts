import type { Availability } from '../../lib/api/types';

export const availabilityNames: Record<Availability, string> = {
  UPCOMING: 'Not open yet',
  OPEN: 'Open',
  ALL_HELD: 'All held',
  SOLD_OUT: 'Sold out',
  CLOSED: 'Closed',
};
