import { DomainError } from '../errors/domain-error.js';
import type { Show } from './show.entity.js';

const TIMES = ['startsAt', 'endsAt', 'bookingOpensAt', 'bookingClosesAt', 'cancelUntil'] as const;
/** These keep their distance from the start when it moves. */
const FOLLOW_START = ['endsAt', 'bookingClosesAt', 'cancelUntil'] as const;

/** The times of a show. */
export type Schedule = Pick<Show, (typeof TIMES)[number]>;

/** The longest that a show lasts. It bounds how far back the list looks for shows that still run. */
export const MAX_SHOW_MS = 31 * 86_400_000;

/** Without an end a show is over when it has started. */
export const showEndsAt = ({ startsAt, endsAt }: Pick<Show, 'startsAt' | 'endsAt'>): Date =>
  endsAt ?? startsAt;

/** Nothing is sold once a show is over, whatever else it says. */
export function sellingClosesAt(show: Schedule): Date {
  const closesAt = show.bookingClosesAt ?? show.startsAt;
  const endsAt = showEndsAt(show);
  return closesAt < endsAt ? closesAt : endsAt;
}

/** Until then customers may cancel or reduce a confirmed booking. */
export const cancellableUntil = ({
  cancelUntil,
  startsAt,
}: Pick<Show, 'startsAt' | 'cancelUntil'>): Date => cancelUntil ?? startsAt;

/**
 * The changes of an edit, with the times that follow a moved start. They move by the same number of
 * milliseconds, so that a show keeps its duration over a change of the clocks.
 */
export function withFollowingTimes<Changes extends Partial<Schedule>>(
  show: Schedule,
  changes: Changes,
): Changes & Partial<Schedule> {
  const movedBy = (changes.startsAt ?? show.startsAt).getTime() - show.startsAt.getTime();
  const all: Changes & Partial<Schedule> = { ...changes };
  for (const name of FOLLOW_START) {
    const time = show[name];
    if (movedBy === 0 || time === null || changes[name] !== undefined) continue;
    all[name] = new Date(time.getTime() + movedBy);
  }
  return all;
}

/** @throws VALIDATION_FAILED naming each time that does not fit */
export function checkSchedule(schedule: Schedule): void {
  refuse(breachesOf(schedule));
}

/**
 * An edit is refused for the rules that it breaks. One that the show broke before, since it is older
 * than the rule, counts only if the edit names the time in question.
 *
 * @param named the times that the request names
 * @throws VALIDATION_FAILED naming each time that does not fit
 */
export function checkEditedSchedule(
  before: Schedule,
  after: Schedule,
  named: Partial<Schedule>,
): void {
  if (TIMES.every((name) => before[name]?.getTime() === after[name]?.getTime())) return;
  const known = new Set(breachesOf(before).map(({ message }) => message));
  refuse(
    breachesOf(after).filter(
      ({ path, message }) => !known.has(message) || named[path] !== undefined,
    ),
  );
}

interface Breach {
  path: (typeof TIMES)[number];
  message: string;
}

function breachesOf(show: Schedule): Breach[] {
  const { startsAt, endsAt, bookingOpensAt, bookingClosesAt, cancelUntil } = show;
  const rules: [boolean, Breach['path'], string][] = [
    [endsAt !== null && endsAt <= startsAt, 'endsAt', 'must be after startsAt'],
    [
      endsAt !== null && endsAt.getTime() - startsAt.getTime() > MAX_SHOW_MS,
      'endsAt',
      'must be at most 31 days after startsAt',
    ],
    [
      bookingClosesAt !== null && bookingClosesAt > showEndsAt(show),
      'bookingClosesAt',
      'must not be after endsAt (without one: startsAt)',
    ],
    [cancelUntil !== null && cancelUntil > startsAt, 'cancelUntil', 'must not be after startsAt'],
    [
      bookingOpensAt !== null && bookingOpensAt >= (bookingClosesAt ?? startsAt),
      'bookingOpensAt',
      'must be before selling closes (bookingClosesAt, or else startsAt)',
    ],
  ];
  return rules
    .filter(([isBroken]) => isBroken)
    .map(([, path, message]) => ({ path, message: `${path} ${message}` }));
}

function refuse(errors: Breach[]): void {
  if (errors.length === 0) return;
  throw new DomainError('invalid', 'VALIDATION_FAILED', 'The times do not fit.', { errors });
}
