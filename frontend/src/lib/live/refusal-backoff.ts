const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Exponential backoff with jitter after refused handshakes, so that clients do not reconnect at once.
 * Milliseconds.
 */
export function backoffAfterRefusals(count: number, random = Math.random()): number {
  const most = Math.min(FIRST_WAIT_MS * 2 ** (count - 1), LONGEST_WAIT_MS);
  return most * (0.5 + random / 2);
}
