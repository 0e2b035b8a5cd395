/**
 * Between instants and what an `<input type="datetime-local">` holds ("2026-11-28T19:30"), read as
 * a wall clock in a given zone. The browser's own zone plays no part.
 */
export function toLocalInput(iso: string | null, timeZone: string): string {
  if (iso === null) return '';
  return wallClock(new Date(iso).getTime(), timeZone).slice(0, 16);
}

/** Null for a time that does not exist there because the clocks go forward over it. */
export function fromLocalInput(local: string, timeZone: string): string | null {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  // The offset before or after a change of the clocks: one of the two is right, unless the time is
  // skipped. Of a time that comes twice, the first is meant.
  const candidates = [-86_400_000, 86_400_000].map(
    (shift) => asUtc - offsetAt(asUtc + shift, timeZone),
  );
  const match = candidates
    .toSorted((a, b) => a - b)
    .find((instant) => wallClock(instant, timeZone).startsWith(local));
  return match === undefined ? null : new Date(match).toISOString();
}

function offsetAt(instant: number, timeZone: string): number {
  const wholeSecond = Math.floor(instant / 1000) * 1000;
  return Date.parse(`${wallClock(wholeSecond, timeZone)}Z`) - wholeSecond;
}

/** "2026-11-28T19:30:00" */
function wallClock(instant: number, timeZone: string): string {
  // Swedish writes dates the ISO way.
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
    .format(instant)
    .replace(' ', 'T');
}
