import { hasCode } from '../../lib/api/problem';
import type { Booking, Show } from '../../lib/api/types';
import { slotCount } from './slot-count';

type Held = Pick<Show, 'id' | 'availableSlots' | 'heldSlots' | 'maxSlotsPerUser'>;

interface OwnHoldNotice {
  text: string;
  /** The holds to link; empty if confirmed bookings are the reason. */
  holds: Booking[];
}

/** Explains that own holds prevent another one; null if they do not. */
export function ownHoldNotice(show: Held, own: Booking[], error: unknown): OwnHoldNotice | null {
  if (hasCode(error, 'TOO_MANY_HELD') && own.length > 0) {
    const text = `You hold ${slotCount(sum(own))}. Confirm them or give them back, then hold more.`;
    return { text, holds: own };
  }
  const holds = own.filter(({ showId }) => showId === show.id);
  if (holds.length === 0) {
    if (!hasCode(error, 'LIMIT_PER_USER')) return null;
    return { text: 'What you have booked here counts too.', holds };
  }
  return { text: `${whose(sum(holds), show)} Confirm or give back before the time is up.`, holds };
}

function whose(mine: number, show: Held): string {
  const { availableSlots, heldSlots, maxSlotsPerUser } = show;
  if (maxSlotsPerUser !== null && mine >= maxSlotsPerUser) {
    return `You hold ${slotCount(mine)} here, as many as one person may have.`;
  }
  if (availableSlots > 0) return `You hold ${slotCount(mine)} here.`;
  if (mine < heldSlots) return `You hold ${mine} of the ${heldSlots} held slots yourself.`;
  return mine === 1 ? 'The held slot is your own.' : `All ${mine} held slots are your own.`;
}

const sum = (bookings: Booking[]) => bookings.reduce((total, { quantity }) => total + quantity, 0);
