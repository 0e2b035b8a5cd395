import { Text } from '@mantine/core';
import { Countdown } from '../../../components/countdown';
import type { Availability, Received, Show } from '../../../lib/api/types';
import { formatClock } from '../../../lib/time/zone-time';

interface SaleNoticeProps {
  show: Received<Show>;
  availability: Availability;
  secondsToOpen: number | null;
  size?: 'sm' | 'lg';
}

/** The time until the sale opens, or until the first held slot may be released. */
export function SaleNotice({ show, availability, secondsToOpen, size = 'sm' }: SaleNoticeProps) {
  if (availability === 'UPCOMING' && secondsToOpen !== null) {
    return (
      <Text size={size} component="div">
        Opens in{' '}
        <Countdown
          seconds={secondsToOpen}
          label="Until booking opens"
          silent={size === 'sm'}
          fw={700}
          fz={size === 'lg' ? 28 : undefined}
        />
      </Text>
    );
  }
  if (availability === 'ALL_HELD' && show.nextReleaseAt) {
    return <Text size="sm">Next release at {formatClock(show.nextReleaseAt, show.timeZone)}</Text>;
  }
  return null;
}
