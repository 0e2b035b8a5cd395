import type { Show } from '@modex/domain';
import type { Message } from './message.js';
import { longTimes } from './show-time.js';
import type { Words } from './words/words.js';

export interface Detail {
  label: string;
  value: string;
  /** What it was before the show changed, or null. */
  before: string | null;
}

type Plan = Pick<
  Show,
  'startsAt' | 'endsAt' | 'timeZone' | 'venue' | 'origin' | 'destination' | 'practitioner'
>;

/** What somebody has to know to be there, each with what it replaces. */
export function planDetails({ show, previous, bookings }: Message, words: Words): Detail[] {
  const { labels } = words;
  const before: Plan = { ...show, ...previous };
  const detail = (label: string, read: (plan: Plan) => string | null): Detail[] => {
    const value = read(show);
    const old = read(before);
    if (value === null && old === null) return [];
    return [{ label, value: value ?? '–', before: old === value ? null : old }];
  };
  const booking = bookings.length === 1 ? bookings[0] : null;
  return [
    ...detail(labels.when, (plan) => longTimes(plan, words)),
    ...detail(labels.where, (plan) => plan.venue),
    ...detail(labels.route, routeOf),
    ...detail(labels.practitioner, (plan) => plan.practitioner),
    ...(booking ? detail(labels.slots, () => String(booking.quantity)) : []),
    ...(booking ? detail(labels.customer, () => booking.customerName) : []),
  ];
}

export function routeOf({
  origin,
  destination,
}: Pick<Plan, 'origin' | 'destination'>): string | null {
  return origin === null && destination === null
    ? null
    : `${origin ?? '…'} → ${destination ?? '…'}`;
}
