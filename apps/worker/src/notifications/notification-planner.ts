import {
  BookingAudience,
  cancellableUntil,
  DatabaseClock,
  decodeBookingId,
  showEndsAt,
  type BookingWithShowAndUser,
  type DomainEvent,
  type NotificationKind,
  type Show,
} from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { PLANNED_BY, type Message, type PreviousPlan } from './message.js';

const PEOPLE_AT_ONCE = 100;

/**
 * Decides who is told what of a fact. A message says what is true when it is sent: a fact that a
 * later one has overtaken is not told, the later one is.
 */
@Injectable()
export class NotificationPlanner {
  constructor(
    private readonly audience: BookingAudience,
    private readonly clock: DatabaseClock,
  ) {}

  /** In parts, since a show that changed concerns everybody who has booked it. */
  async *messagesOf(event: DomainEvent): AsyncGenerator<Message[]> {
    if (event.type === 'show.updated') {
      yield* this.ofChangedShow(event);
      return;
    }
    const kind = kindOf(event);
    if (kind === null) return;
    const key = decodeBookingId(String(event.payload['bookingId']));
    const booking = key && (await this.audience.find(key));
    const now = await this.clock.now();
    if (booking && isStillSo(kind, booking, now)) yield [messageOf(kind, event, [booking], now)];
  }

  private async *ofChangedShow(event: DomainEvent): AsyncGenerator<Message[]> {
    const was = previousPlan(event);
    if (Object.keys(was).length === 0) return;
    const now = await this.clock.now();
    for await (const groups of this.audience.confirmedByUser(event.aggregateId, PEOPLE_AT_ONCE)) {
      const { show } = groups[0]![0];
      const previous = stillDifferent(was, show, now);
      if (Object.keys(previous).length === 0 || show.status === 'CANCELLED') return;
      // An organiser who tidies up what is past has nothing to say to those who were there.
      if (showEndsAt(show) <= now && showEndsAt({ ...show, ...was }) <= now) return;
      yield groups.map((bookings) => ({
        ...messageOf('SHOW_CHANGED', event, bookings, now),
        previous,
      }));
    }
  }
}

function messageOf(
  kind: NotificationKind,
  event: DomainEvent,
  bookings: Message['bookings'],
  now: Date,
): Message {
  const { show, user } = bookings[0];
  const until = cancellableUntil(show);
  return {
    kind,
    eventId: event.id,
    occurredAt: new Date(event.createdAt),
    sequence: event.version,
    user,
    show,
    bookings,
    previous: {},
    cancelUntil: until > now ? until : null,
  };
}

/**
 * Null where nobody is told: a hold that was given back or lapsed was never a booking, and a show's
 * cancellation is told by that of each of its bookings.
 */
function kindOf({ type, payload }: DomainEvent): NotificationKind | null {
  const wasConfirmed = payload['from'] === 'CONFIRMED';
  switch (type) {
    case 'booking.held':
      return 'HOLD_MADE';
    case 'booking.confirmed':
      return 'BOOKING_CONFIRMED';
    case 'booking.reduced':
      return wasConfirmed ? 'BOOKING_REDUCED' : null;
    case 'booking.cancelled':
      if (!wasConfirmed) return null;
      return payload['cancelReason'] === 'SHOW_CANCELLED' ? 'SHOW_CANCELLED' : 'BOOKING_CANCELLED';
    default:
      return null;
  }
}

function isStillSo(kind: NotificationKind, booking: BookingWithShowAndUser, now: Date): boolean {
  const { status, show } = booking;
  if (kind === 'HOLD_MADE') {
    return status === 'PENDING' && show.status === 'SCHEDULED' && booking.expiresAt > now;
  }
  if (kind === 'BOOKING_CONFIRMED' || kind === 'BOOKING_REDUCED') {
    return status === 'CONFIRMED' && show.status === 'SCHEDULED';
  }
  return true;
}

const TIMES: readonly string[] = ['startsAt', 'endsAt', 'cancelUntil'];

function previousPlan({ payload }: DomainEvent): PreviousPlan {
  const previous = (payload['previous'] ?? {}) as Record<string, string | null>;
  return Object.fromEntries(
    PLANNED_BY.flatMap((field) => {
      const value = previous[field];
      if (value === undefined) return [];
      return [[field, value !== null && TIMES.includes(field) ? new Date(value) : value]];
    }),
  );
}

/** Without what a later edit has set back, and without a deadline that is past either way. */
function stillDifferent(previous: PreviousPlan, show: Show, now: Date): PreviousPlan {
  const before = { ...show, ...previous };
  const deadlineCounts = cancellableUntil(show) > now || cancellableUntil(before) > now;
  return Object.fromEntries(
    Object.entries(previous).filter(([field, value]) => {
      if (field === 'cancelUntil' && !deadlineCounts) return false;
      return value?.valueOf() !== show[field as keyof PreviousPlan]?.valueOf();
    }),
  );
}
