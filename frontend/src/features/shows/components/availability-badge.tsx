import { Badge } from '@mantine/core';
import type { Availability } from '../../../lib/api/types';
import { availabilityNames } from '../availability-names';

const colors: Record<Availability, string> = {
  UPCOMING: 'violet',
  OPEN: 'green',
  ALL_HELD: 'orange',
  SOLD_OUT: 'red',
  CLOSED: 'gray',
};

interface AvailabilityBadgeProps {
  availability: Availability;
  cancelled: boolean;
}

export function AvailabilityBadge({ availability, cancelled }: AvailabilityBadgeProps) {
  return (
    <Badge variant="light" color={colors[availability]} miw="max-content">
      {cancelled ? 'Cancelled' : availabilityNames[availability]}
    </Badge>
  );
}
