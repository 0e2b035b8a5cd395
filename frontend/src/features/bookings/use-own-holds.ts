import { useInfiniteQuery } from '@tanstack/react-query';
import type { Booking, Show } from '../../lib/api/types';
import { itemsOf } from '../../lib/live/pages';
import { useServerTime } from '../../lib/time/use-server-time';
import { ownHoldsQuery } from './api/get-own-holds';

const endsAt = ({ expiresAt }: Booking): number => Date.parse(expiresAt);

/** Own unexpired holds of any show. */
export function useOwnHolds(show: Pick<Show, 'id' | 'heldSlots'>, signedIn: boolean): Booking[] {
  const query = useInfiniteQuery({ ...ownHoldsQuery(show), enabled: signedIn });
  const holds = itemsOf(query.data).filter(({ status }) => status === 'PENDING');
  const time = useServerTime(holds.map(endsAt));
  return signedIn ? holds.filter((hold) => endsAt(hold) > time) : [];
}
