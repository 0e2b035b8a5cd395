import type { BookingStatus, CancelReason } from '../bookings/booking-status.js';
import type { NotificationKind } from '../notifications/notification.entity.js';
import type { Show } from '../shows/show.entity.js';

/** The booking after the transition. `from` is its status before; null if the booking is new. */
export interface BookingPayload {
  bookingId: string;
  reference: string;
  userId: string;
  quantity: number;
  from: BookingStatus | null;
  status: BookingStatus;
  cancelReason: CancelReason | null;
  expiresAt: Date;
}

/** The show after the transition. */
export type ShowPayload = Pick<
  Show,
  'title' | 'kind' | 'venue' | 'startsAt' | 'timeZone' | 'status' | 'revision'
>;

/**
 * What is recorded with an event of each type, besides `occurredAt` and the show's counters. A new
 * type is added here first; the compiler names everything else that is missing.
 */
export interface DomainEventPayloads {
  'booking.held': BookingPayload;
  'booking.confirmed': BookingPayload;
  'booking.reduced': BookingPayload & { releasedSlots: number };
  'booking.cancelled': BookingPayload;
  'booking.expired': BookingPayload;
  'show.created': Show;
  /** `previous` has the values that the edit replaced. */
  'show.updated': ShowPayload & { previous: Partial<Show> };
  'show.cancelled': ShowPayload;
  'show.deleted': ShowPayload;
}

export type EventType = keyof DomainEventPayloads;

/** A payload as it is read: JSON has text for dates. */
type Read<Payload> = {
  readonly [Field in keyof Payload]: Payload[Field] extends Date ? string : Payload[Field];
};

interface EventRules<Type extends EventType> {
  /** Whether the integrators' event stream shows it. */
  readonly inEventStream: boolean;
  /** The notification that it causes; null for none. */
  readonly notification: (payload: Read<DomainEventPayloads[Type]>) => NotificationKind | null;
}

const none = () => null;

/** Every domain event. Holds that end unconfirmed notify nobody: they were never a booking. */
const DOMAIN_EVENTS: { readonly [Type in EventType]: EventRules<Type> } = {
  'booking.held': { inEventStream: true, notification: () => 'HOLD_MADE' },
  'booking.confirmed': { inEventStream: true, notification: () => 'BOOKING_CONFIRMED' },
  'booking.reduced': {
    inEventStream: true,
    notification: ({ from }) => (from === 'CONFIRMED' ? 'BOOKING_REDUCED' : null),
  },
  'booking.cancelled': {
    inEventStream: true,
    notification: ({ from, cancelReason }) => {
      if (from !== 'CONFIRMED') return null;
      return cancelReason === 'SHOW_CANCELLED' ? 'SHOW_CANCELLED' : 'BOOKING_CANCELLED';
    },
  },
  'booking.expired': { inEventStream: true, notification: none },
  'show.created': { inEventStream: true, notification: none },
  'show.updated': { inEventStream: true, notification: () => 'SHOW_CHANGED' },
  // The cancellation of each booking notifies its holder.
  'show.cancelled': { inEventStream: true, notification: none },
  'show.deleted': { inEventStream: true, notification: none },
};

/** Types that the integrators' event stream shows. */
export const STREAMED_TYPES = Object.entries(DOMAIN_EVENTS).flatMap(([type, { inEventStream }]) =>
  inEventStream ? [type] : [],
);

/** The kind of notification that an event causes; null for none, or for a type of a newer release. */
export function notificationOf(event: {
  readonly type: EventType;
  readonly payload: Readonly<Record<string, unknown>>;
}): NotificationKind | null {
  const rules = DOMAIN_EVENTS[event.type] as EventRules<EventType> | undefined;
  return rules?.notification(event.payload as never) ?? null;
}
