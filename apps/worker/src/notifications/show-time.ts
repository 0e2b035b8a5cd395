import type { Show } from '@modex/domain';
import type { Words } from './words/words.js';

type Format = Intl.DateTimeFormatOptions;
const DATE: Format = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
const SHORT_DATE: Format = { day: 'numeric', month: 'short', year: 'numeric' };
const CLOCK: Format = { hour: 'numeric', minute: '2-digit' };

/** When a show is. */
export type ShowTimes = Pick<Show, 'startsAt' | 'endsAt' | 'timeZone'>;

/**
 * A time as people at the show's place read it, with the zone named, such as "Friday, 4 December
 * 2026, 7:30 pm (India Standard Time, Asia/Kolkata)".
 */
export function longTime(time: Date, timeZone: string, words: Words): string {
  return longTimes({ startsAt: time, endsAt: null, timeZone }, words);
}

/** From when to when, as `longTime`. The last day is named where it is not the first. */
export function longTimes({ startsAt, endsAt, timeZone }: ShowTimes, words: Words): string {
  const zone = (time: Date) => zoneName(time, timeZone, words, 'long');
  const text = fromTo({ startsAt, endsAt, timeZone }, words, DATE, zone);
  return zone(startsAt) === zone(endsAt ?? startsAt)
    ? `${text} (${zone(startsAt)}, ${timeZone})`
    : `${text} (${timeZone})`;
}

/** The same in as few characters as it takes, such as "4 Dec 2026, 7:30 pm – 10:00 pm IST". */
export function shortTimes(times: ShowTimes, words: Words): string {
  const { startsAt, endsAt, timeZone } = times;
  const zone = (time: Date) => zoneName(time, timeZone, words, 'short');
  const text = fromTo(times, words, SHORT_DATE, zone);
  return zone(startsAt) === zone(endsAt ?? startsAt) ? `${text} ${zone(startsAt)}` : text;
}

/** Where the clocks change in between, each time has its own zone. */
function fromTo(
  { startsAt, endsAt, timeZone }: ShowTimes,
  words: Words,
  dateFormat: Format,
  zone: (time: Date) => string,
): string {
  const day = (time: Date) => format(time, timeZone, words, dateFormat);
  const clocksChange = zone(startsAt) !== zone(endsAt ?? startsAt);
  const at = (time: Date) => {
    const text = clock(time, timeZone, words);
    return clocksChange ? `${text} ${zone(time)}` : text;
  };
  const start = `${day(startsAt)}, ${at(startsAt)}`;
  if (endsAt === null) return start;
  const end = day(startsAt) === day(endsAt) ? at(endsAt) : `${day(endsAt)}, ${at(endsAt)}`;
  return words.fromTo(start, end);
}

/** The time of day alone, with the zone. */
export function clockTime(time: Date, timeZone: string, words: Words): string {
  return `${clock(time, timeZone, words)} ${zoneName(time, timeZone, words, 'short')}`;
}

const clock = (time: Date, timeZone: string, words: Words): string =>
  words.clock(format(time, timeZone, words, { ...CLOCK, ...words.clockFormat }));

function format(time: Date, timeZone: string, { tag }: Words, options: Format): string {
  return formatter(tag, { ...options, timeZone }).format(time);
}

function zoneName(
  time: Date,
  timeZone: string,
  { tag }: Words,
  timeZoneName: 'long' | 'short',
): string {
  const parts = formatter(tag, { timeZone, timeZoneName }).formatToParts(time);
  return parts.find(({ type }) => type === 'timeZoneName')!.value;
}

/** To make one takes longer than all else in a mail's text, and there are few: languages and zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(tag: string, options: Format): Intl.DateTimeFormat {
  const key = tag + JSON.stringify(options);
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.DateTimeFormat(tag, options)));
  return found;
}
