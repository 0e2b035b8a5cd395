import {
  cancellableUntil,
  showEndsAt,
  type BookingWithShowAndUser,
  type PendingNotification,
  type ToldNotification,
  type ToldState,
} from '@modex/domain';
import type { Message } from './message.js';
import { changedFrom, planFrom, storedPlan, type ShowPlan } from './show-plan.js';
import { ToldBefore } from './told-before.js';

/** What is true now, and what the user was told before. */
export interface Truth {
  now: Date;
  /** Those that notifications name, and for a changed show all that are confirmed. */
  bookings: readonly BookingWithShowAndUser[];
  history: readonly ToldNotification[];
}

/** One message for what may be several notifications. */
export interface ChosenMessage {
  rows: Rows;
  message: Message;
  /** What the user knows after it. */
  told: ToldState;
  /** Until then what was sent last has to suffice; null: it may be sent now. */
  waitsUntil: Date | null;
}

export interface SkippedNotification {
  row: PendingNotification;
  reason: string;
  told?: ToldState;
}

interface Choice {
  messages: ChosenMessage[];
  skipped: SkippedNotification[];
}

type Rows = readonly [PendingNotification, ...PendingNotification[]];

const NO_BOOKING = 'there is no such booking any more';
const OVERTAKEN = 'overtaken by a later change';
const OVER = 'the show is over';
export const TOLD = 'another message told it';
const SET_BACK = 'set back before anybody was told';

/**
 * Decides which messages the waiting notifications of one user about one show need. A message says
 * what is true now: all changes of a booking become one, all changes of the show another.
 *
 * @param coalescingMs after a message, further changes of the same wait for so long
 */
export function chooseMessages(rows: Rows, truth: Truth, coalescingMs: number): Choice {
  const before = new ToldBefore(truth.history);
  const choice: Choice = { messages: [], skipped: [] };
  for (const [bookingId, ofSubject] of bySubject(rows)) {
    const part =
      bookingId === null
        ? ofShow(ofSubject, truth, before)
        : ofBooking(ofSubject, bookingId, truth, before, coalescingMs);
    const sentAt = before.lastSentAt(bookingId);
    const until = sentAt && new Date(sentAt.getTime() + coalescingMs);
    const waitsUntil = until && until > truth.now ? until : null;
    choice.messages.push(...part.messages.map((each) => ({ ...each, waitsUntil })));
    choice.skipped.push(...part.skipped);
  }
  return choice;
}

/** By the booking that they are about, null for the show. Oldest first. */
function bySubject(rows: Rows): Map<string | null, Rows> {
  const subjects = new Map<string | null, Rows>();
  for (const row of rows) {
    const subject = row.kind === 'SHOW_CHANGED' ? null : row.bookingId;
    const others = subjects.get(subject);
    subjects.set(subject, others ? [...others, row] : [row]);
  }
  return subjects;
}

function ofBooking(
  rows: Rows,
  bookingId: string,
  { bookings, now }: Truth,
  before: ToldBefore,
  coalescingMs: number,
): Choice {
  const booking = bookings.find(({ id }) => id === bookingId);
  if (!booking) return skipAll(rows, NO_BOOKING);
  const toldSlots = before.slotsOf(bookingId);
  const judged = rows.map((row) => ({
    row,
    reason: reasonAgainst(row, { booking, toldSlots, now, coalescingMs }),
  }));
  const [first, ...others] = judged.flatMap(({ row, reason }) => (reason === null ? [row] : []));
  const skipped = judged.flatMap(({ row, reason }) => (reason === null ? [] : [{ row, reason }]));
  const messages = first ? [newMessage([first, ...others], [booking], {}, now)] : [];
  return { messages, skipped };
}

/** Why a notification of a booking needs no message; null if it does. */
function reasonAgainst(
  { kind }: PendingNotification,
  about: {
    booking: BookingWithShowAndUser;
    toldSlots: number | null;
    now: Date;
    coalescingMs: number;
  },
): string | null {
  const { booking, toldSlots, now } = about;
  const { status, show } = booking;
  if (kind === 'HOLD_MADE') {
    const isHeld = status === 'PENDING' && show.status === 'SCHEDULED' && booking.expiresAt > now;
    return isHeld ? null : OVERTAKEN;
  }
  if (kind === 'BOOKING_CONFIRMED' || kind === 'BOOKING_REDUCED') {
    const slots = slotsOf(booking);
    if (slots === 0 || show.status === 'CANCELLED') return OVERTAKEN;
    if (showEndsAt(show) <= now) return OVER;
    return toldSlots === slots ? TOLD : null;
  }
  if (status !== 'CANCELLED') return OVERTAKEN;
  if (toldSlots === 0) return TOLD;
  return toldSlots === null && isSetBack(booking, about.coalescingMs) ? SET_BACK : null;
}

/** Confirmed and cancelled again at once, and not because the show was. */
function isSetBack(
  { cancelReason, confirmedAt, cancelledAt }: BookingWithShowAndUser,
  withinMs: number,
): boolean {
  if (cancelReason !== 'USER' || confirmedAt === null || cancelledAt === null) return false;
  return cancelledAt.getTime() - confirmedAt.getTime() < withinMs;
}

function ofShow(rows: Rows, { bookings, now }: Truth, before: ToldBefore): Choice {
  const [first, ...others] = bookings.filter(({ status }) => status === 'CONFIRMED');
  if (!first) return skipAll(rows, NO_BOOKING);
  const { show } = first;
  if (show.status === 'CANCELLED') return skipAll(rows, OVERTAKEN);
  const known = before.plan ?? planBefore(rows);
  if (showEndsAt(show) <= now && showEndsAt({ ...show, ...known }) <= now) {
    return skipAll(rows, OVER);
  }
  const previous = known === null ? {} : changedFrom(known, show, now);
  // Without any earlier plan, as an older release left it, the message just says what is so.
  if (known === null || Object.keys(previous).length > 0) {
    return { messages: [newMessage(rows, [first, ...others], previous, now)], skipped: [] };
  }
  if (before.plan !== null) return skipAll(rows, TOLD);
  const told = { version: show.version, plan: storedPlan(show), bookings: {} };
  return { messages: [], skipped: rows.map((row) => ({ row, reason: SET_BACK, told })) };
}

/** The show as it was before the first of these changes; null if none says. */
function planBefore(rows: Rows): Partial<ShowPlan> | null {
  const parts = rows.flatMap(({ details }) => (details?.previous ? [details.previous] : []));
  return parts.length === 0
    ? null
    : planFrom(Object.assign({}, ...parts.toReversed()) as Record<string, unknown>);
}

function newMessage(
  rows: Rows,
  bookings: Message['bookings'],
  previous: Partial<ShowPlan>,
  now: Date,
): ChosenMessage {
  const [{ show, user }] = bookings;
  const last = rows.at(-1)!;
  const until = cancellableUntil(show);
  return {
    rows,
    message: {
      kind: rows[0].kind,
      occurredAt: last.details ? new Date(last.details.occurredAt) : last.createdAt,
      sequence: show.version,
      user,
      show,
      bookings,
      previous,
      cancelUntil: until > now ? until : null,
    },
    told: {
      version: show.version,
      plan: storedPlan(show),
      bookings: Object.fromEntries(
        bookings
          .filter(({ status }) => status !== 'PENDING')
          .map((booking) => [booking.id, slotsOf(booking)]),
      ),
    },
    waitsUntil: null,
  };
}

const slotsOf = ({ status, quantity }: BookingWithShowAndUser): number =>
  status === 'CONFIRMED' ? quantity : 0;

const skipAll = (rows: Rows, reason: string): Choice => ({
  messages: [],
  skipped: rows.map((row) => ({ row, reason })),
});
