const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * How long to wait after so many refusals in a row, at random, so that those who were refused
 * together do not come back together. Milliseconds.
 */
export function backoffAfterRefusals(count: number, random = Math.random()): number {
  const most = Math.min(FIRST_WAIT_MS * 2 ** (count - 1), LONGEST_WAIT_MS);
  return most * (0.5 + random / 2);
}
