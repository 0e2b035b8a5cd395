import type { BookingWithShowAndUser, NotificationKind, Show, User } from '@modex/domain';

/** The fields of a show that people with a booking plan by. */
export const PLANNED_BY = [
  'title',
  'startsAt',
  'endsAt',
  'cancelUntil',
  'timeZone',
  'venue',
  'origin',
  'destination',
  'practitioner',
] as const;

/** What an edit replaced, among the fields that people plan by. */
export type PreviousPlan = Partial<Pick<Show, (typeof PLANNED_BY)[number]>>;

/** What one person is told. */
export interface Message {
  kind: NotificationKind;
  eventId: string;
  /** When it became true. */
  occurredAt: Date;
  /** Rises with everything that is told of a booking. */
  sequence: number;
  user: User;
  show: Show;
  /** Of this person and this show; one, except where a show changed. */
  bookings: readonly [BookingWithShowAndUser, ...BookingWithShowAndUser[]];
  /** Empty unless the show changed. */
  previous: PreviousPlan;
  /** Until when the owner may cancel it; null if that is no longer possible. */
  cancelUntil: Date | null;
}

/** After it a person has no booking any more. */
export const isCancellation = ({ kind }: Message): boolean =>
  kind === 'BOOKING_CANCELLED' || kind === 'SHOW_CANCELLED';

/** After it a person has a booking. */
export const isPromise = ({ kind }: Message): boolean =>
  kind === 'BOOKING_CONFIRMED' || kind === 'BOOKING_REDUCED' || kind === 'SHOW_CHANGED';
