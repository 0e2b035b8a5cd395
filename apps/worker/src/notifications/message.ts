import type { BookingWithShowAndUser, NotificationKind, Show, User } from '@modex/domain';
import type { ShowPlan } from './show-plan.js';

/** What one person is told. */
export interface Message {
  kind: NotificationKind;
  /** When it became true. */
  occurredAt: Date;
  /** Rises with everything that is told of a booking. */
  sequence: number;
  user: User;
  show: Show;
  /** Of this person and this show; one, except where a show changed. */
  bookings: readonly [BookingWithShowAndUser, ...BookingWithShowAndUser[]];
  /** Empty unless the show changed. */
  previous: Partial<ShowPlan>;
  /** Until when the owner may cancel it; null if that is no longer possible. */
  cancelUntil: Date | null;
}

/** After it a person has no booking any more. */
export const isCancellation = ({ kind }: Message): boolean =>
  kind === 'BOOKING_CANCELLED' || kind === 'SHOW_CANCELLED';

/** After it a person has a booking. */
export const isPromise = ({ kind }: Message): boolean =>
  kind === 'BOOKING_CONFIRMED' || kind === 'BOOKING_REDUCED' || kind === 'SHOW_CHANGED';
