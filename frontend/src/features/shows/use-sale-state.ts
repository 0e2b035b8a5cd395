import type { Availability, Received, Show } from '../../lib/api/types';
import { useSecondsLeft } from '../../lib/time/use-seconds-left';
import { useServerTime } from '../../lib/time/use-server-time';
import { availabilityNow } from './availability';
import { sellingClosesAt } from './sale-times';

interface SaleState {
  availability: Availability;
  /** Whole seconds until the sale opens; null when it has no opening time. */
  secondsToOpen: number | null;
}

export function useSaleState(show: Received<Show>): SaleState {
  const secondsToOpen = useSecondsLeft(show.secondsToOpen, show.receivedAt);
  const closesAt = sellingClosesAt(show);
  const isClosed = useServerTime([closesAt]) >= closesAt;
  return { availability: availabilityNow(show, secondsToOpen, isClosed), secondsToOpen };
}
