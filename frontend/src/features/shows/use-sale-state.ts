import type { Availability, Received, Show } from '../../lib/api/types';
import { availabilityNow } from './availability';
import { useSecondsLeft } from '../../lib/time/use-seconds-left';

interface SaleState {
  availability: Availability;
  /** Whole seconds until the sale opens; null when it has no opening time. */
  secondsToOpen: number | null;
}

export function useSaleState(show: Received<Show>): SaleState {
  const secondsToOpen = useSecondsLeft(show.secondsToOpen, show.receivedAt);
  return { availability: availabilityNow(show, secondsToOpen), secondsToOpen };
}
