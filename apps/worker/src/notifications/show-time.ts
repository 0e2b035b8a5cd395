import type { Words } from './words/words.js';

type Format = Intl.DateTimeFormatOptions;
const DATE: Format = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
const SHORT_DATE: Format = { day: 'numeric', month: 'short', year: 'numeric' };
const CLOCK: Format = { hour: 'numeric', minute: '2-digit' };

/**
 * A time as people at the show's place read it, with the zone named, such as "Friday, 4 December
 * 2026, 7:30 pm (India Standard Time, Asia/Kolkata)".
 */
export function longTime(time: Date, timeZone: string, words: Words): string {
  const text = `${format(time, timeZone, words, DATE)}, ${clock(time, timeZone, words)}`;
  return `${text} (${zoneName(time, timeZone, words, 'long')}, ${timeZone})`;
}

/** The same in as few characters as it takes, such as "4 Dec 2026, 7:30 pm IST". */
export function shortTime(time: Date, timeZone: string, words: Words): string {
  return `${format(time, timeZone, words, SHORT_DATE)}, ${clockTime(time, timeZone, words)}`;
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
