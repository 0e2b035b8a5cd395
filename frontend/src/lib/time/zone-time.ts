/** The page speaks English, so its dates do too; `en-GB` has the 24-hour clock. */
const LOCALE = 'en-GB';
const DAY = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;

/** "Sat 28 Nov 2026, 19:30 CET" in the show's own zone. */
export function formatDateTime(iso: string, timeZone: string): string {
  return format(iso, timeZone, { ...DAY, ...CLOCK, timeZoneName: 'short' });
}

/**
 * "Sat 28 Nov 2026, 19:30 – 22:00 CET". The last day is named where it is not the first, and each
 * time's zone where the clocks change in between.
 */
export function formatPeriod(startsAt: string, endsAt: string | null, timeZone: string): string {
  if (!endsAt) return formatDateTime(startsAt, timeZone);
  const day = (iso: string) => format(iso, timeZone, DAY);
  const clock = (iso: string) => format(iso, timeZone, CLOCK);
  const withZone = (iso: string) => format(iso, timeZone, { ...CLOCK, timeZoneName: 'short' });
  const changes =
    withZone(startsAt).slice(clock(startsAt).length) !==
    withZone(endsAt).slice(clock(endsAt).length);
  const start = `${day(startsAt)}, ${changes ? withZone(startsAt) : clock(startsAt)}`;
  const end = withZone(endsAt);
  return `${start} – ${day(startsAt) === day(endsAt) ? end : `${day(endsAt)}, ${end}`}`;
}

/** "19:30:05 CET", for what happens within minutes. */
export function formatClock(iso: string, timeZone: string): string {
  return format(iso, timeZone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
}

/** The day as a calendar leaf shows it. */
export function calendarDay(iso: string, timeZone: string): { day: string; month: string } {
  return {
    day: format(iso, timeZone, { day: 'numeric' }),
    month: format(iso, timeZone, { month: 'short' }),
  };
}

/** `Europe/Berlin` reads as "Berlin time (Europe/Berlin)"; zones without a place stay as they are. */
export function describeZone(timeZone: string): string {
  const place = timeZone.split('/').at(-1)?.replaceAll('_', ' ');
  return place && place !== timeZone ? `${place} time (${timeZone})` : timeZone;
}

function format(iso: string, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(iso);
  try {
    return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone }).format(date);
  } catch {
    // A browser older than the zone's name: UTC is right, and says that it is UTC.
    return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: 'UTC' }).format(date);
  }
}
