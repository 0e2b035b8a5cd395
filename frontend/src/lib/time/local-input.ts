const DAY_MS = 86_400_000;
/** The years that the API takes. While a year is typed, others stand in the field. */
const WALL_CLOCK = /^(?:19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d/;

/** Whether this browser can reckon with a zone; it may be older than the zone's name. */
export function knowsZone(timeZone: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone }).resolvedOptions();
    return true;
  } catch {
    return false;
  }
}

/**
 * What an `<input type="datetime-local">` holds for an instant ("2026-11-28T19:30"): the wall clock
 * in a given zone. The browser's own zone plays no part.
 */
export function toLocalInput(iso: string | null, timeZone: string): string {
  if (iso === null) return '';
  return wallClock(Date.parse(iso), timeZone).slice(0, 16);
}

/**
 * The instants at which clocks in a zone show a time, the earliest first: none where the clocks go
 * forward over it, two where they go back over it.
 */
export function instantsOf(local: string, timeZone: string): string[] {
  if (!WALL_CLOCK.test(local)) return [];
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return [];
  // Whichever offset is right is in force within a day: before or after a change of the clocks.
  const offsets = [-DAY_MS, 0, DAY_MS].map((shift) => offsetAt(asUtc + shift, timeZone));
  return [...new Set(offsets)]
    .map((offset) => asUtc - offset)
    .filter((instant) => wallClock(instant, timeZone).startsWith(local))
    .toSorted((a, b) => a - b)
    .map((instant) => new Date(instant).toISOString());
}

/** Whether the clocks go forward over a time, so that it does not exist. */
export function isSkipped(local: string, timeZone: string): boolean {
  return WALL_CLOCK.test(local) && instantsOf(local, timeZone).length === 0;
}

/** "UTC+05:30" */
export function offsetName(iso: string, timeZone: string): string {
  const parts = formatter('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(
    Date.parse(iso),
  );
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return name.replace('GMT', 'UTC');
}

function offsetAt(instant: number, timeZone: string): number {
  const wholeSecond = Math.floor(instant / 1000) * 1000;
  return Date.parse(`${wallClock(wholeSecond, timeZone)}Z`) - wholeSecond;
}

/** "2026-11-28T19:30:00" */
function wallClock(instant: number, timeZone: string): string {
  // Swedish writes dates the ISO way.
  return formatter('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    .format(instant)
    .replace(' ', 'T');
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A form asks for the same few at every key stroke. UTC stands in for a zone that is not known. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) {
    const timeZone = knowsZone(options.timeZone ?? '') ? options.timeZone : 'UTC';
    formatters.set(key, (found = new Intl.DateTimeFormat(locale, { ...options, timeZone })));
  }
  return found;
}
