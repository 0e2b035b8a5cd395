import { now } from './countdown';

/** A response that is behind by more than this means that the server's clock was set back. */
const SET_BACK_SECONDS = 60;

/** The server's seconds since 1970 when `now` is 0. */
let offset: number | null = null;

/**
 * Learns the server's time from the `Date` of an answer. The header has whole seconds and the answer
 * was on its way, so the clock is never behind it: the furthest ahead of several is the closest.
 */
export function recordServerTime({ headers }: Response, receivedAt = now()): void {
  const date = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(date)) return;
  const seen = date / 1000 + Number(headers.get('age') ?? 0) - receivedAt;
  const known = offset ?? -Infinity;
  offset = seen < known - SET_BACK_SECONDS ? seen : Math.max(seen, known);
}

/** The server's time in milliseconds since 1970, independent of the local clock. */
export function serverNow(): number {
  return offset === null ? Date.now() : (offset + now()) * 1000;
}
