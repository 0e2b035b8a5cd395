const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/**
 * After so many failures a fact is given up, so that what follows it in its aggregate goes on. With
 * the waits in between that is about twenty minutes; RabbitMQ takes back what a consumer keeps for
 * more than thirty.
 */
export const MAX_ATTEMPTS = 12;

/** How long a fact waits after so many failures: 1 s, 2 s, 4 s … 5 minutes. Milliseconds. */
export function retryDelayMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
