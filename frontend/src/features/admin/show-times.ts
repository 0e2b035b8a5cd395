import type { Show } from '../../lib/api/types';
import { instantsOf, toLocalInput } from '../../lib/time/local-input';

export const TIME_NAMES = [
  'startsAt',
  'endsAt',
  'bookingOpensAt',
  'bookingClosesAt',
  'cancelUntil',
] as const;
export type TimeName = (typeof TIME_NAMES)[number];

/** These the server moves with the start, unless an edit names them. */
const FOLLOW_START = ['endsAt', 'bookingClosesAt', 'cancelUntil'] as const;
const MINUTE_MS = 60_000;

/** The times of a show as the form edits them: wall clocks in the show's zone, '' for none. */
export interface TimeValues extends Record<TimeName, string> {
  timeZone: string;
  /** Those that are meant as the second of two: the clocks go back over them. */
  later: TimeName[];
  /** The instants that were read. What still shows the same minute is left as it is, to the millisecond. */
  read: Partial<Record<TimeName, string>>;
}

type Instants = Record<TimeName, string | null>;

export const noTimes = (timeZone: string): TimeValues => ({
  timeZone,
  startsAt: '',
  endsAt: '',
  bookingOpensAt: '',
  bookingClosesAt: '',
  cancelUntil: '',
  later: [],
  read: {},
});

export function timesOfShow(show: Pick<Show, TimeName | 'timeZone'>): TimeValues {
  return TIME_NAMES.reduce(
    (values, name) => withInstant(values, name, show[name]),
    noTimes(show.timeZone),
  );
}

/** What a time stands for; null where it is not set or does not exist. */
export function instantOf(values: TimeValues, name: TimeName): string | null {
  const instants = instantsOf(values[name], values.timeZone);
  const chosen = (values.later.includes(name) ? instants.at(-1) : instants[0]) ?? null;
  const read = values.read[name];
  if (chosen === null || read === undefined) return chosen;
  const seconds = Date.parse(read) - Date.parse(chosen);
  return seconds >= 0 && seconds < MINUTE_MS ? read : chosen;
}

export function instantsOfTimes(values: TimeValues): Instants {
  return Object.fromEntries(TIME_NAMES.map((name) => [name, instantOf(values, name)])) as Instants;
}

/** What the times would be if an edit named none but the start. */
export function followingStart(before: Instants, startsAt: string | null): Instants {
  const after = { ...before, startsAt };
  if (before.startsAt === null || startsAt === null) return after;
  const movedBy = Date.parse(startsAt) - Date.parse(before.startsAt);
  for (const name of FOLLOW_START) {
    const time = before[name];
    if (time !== null) after[name] = new Date(Date.parse(time) + movedBy).toISOString();
  }
  return after;
}

/** Sets a time as the organiser did; those that follow the start go along if they were left alone. */
export function withTime<Values extends TimeValues>(
  values: Values,
  opened: TimeValues,
  name: TimeName,
  time: { local: string; later: boolean },
): Values {
  const later = values.later.filter((other) => other !== name);
  const next = { ...values, [name]: time.local, later: time.later ? [...later, name] : later };
  const startsAt = instantOf(next, 'startsAt');
  if (name !== 'startsAt' || startsAt === null) return next;
  const moved = followingStart(instantsOfTimes(opened), startsAt);
  return FOLLOW_START.filter(
    (follower) => values.read[follower] && instantOf(values, follower) === values.read[follower],
  ).reduce((result, follower) => withInstant(result, follower, moved[follower]), next);
}

function withInstant<Values extends TimeValues>(
  values: Values,
  name: TimeName,
  iso: string | null,
): Values {
  if (iso === null) return values;
  const local = toLocalInput(iso, values.timeZone);
  const instants = instantsOf(local, values.timeZone);
  const isLater = instants.length > 1 && Date.parse(iso) >= Date.parse(instants.at(-1)!);
  const later = values.later.filter((other) => other !== name);
  return {
    ...values,
    [name]: local,
    later: isLater ? [...later, name] : later,
    read: { ...values.read, [name]: iso },
  };
}
