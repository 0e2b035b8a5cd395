import type { Show } from '../../lib/api/types';

type Placed = Pick<Show, 'kind' | 'venue' | 'origin' | 'destination' | 'practitioner'>;

/** The place in one line: the route of a bus, the doctor and the practice, or the venue. */
export function showPlace({ kind, venue, origin, destination, practitioner }: Placed): string {
  if (kind === 'BUS' && (origin || destination)) {
    return [origin, destination].filter(Boolean).join(' → ');
  }
  const parts = kind === 'DOCTOR' ? [practitioner, venue] : [venue];
  return parts.filter(Boolean).join(', ');
}
