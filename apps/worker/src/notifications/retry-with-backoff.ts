import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway, isTimeout } from '@modex/domain';
import { SendFailure } from './send-failure.js';

/** Between two tries. Milliseconds. */
const PAUSE_MS = 500;

/**
 * Runs what asks the database, again and again while that is away.
 *
 * @param work is harmless to repeat
 * @param stop ends it before its time, with the last failure
 */
export async function retryWithBackoff<T>(
  work: () => Promise<T>,
  patienceMs: number,
  stop: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!waitsForDatabase(error) || stop.aborted || performance.now() > deadline) throw error;
      await sleep(PAUSE_MS, null, { signal: stop }).catch(() => {});
    }
  }
}

export function waitsForDatabase(error: unknown): boolean {
  // A mail server that is away says so with the same codes.
  if (error instanceof SendFailure) return false;
  return isDatabaseAway(error) || isTimeout(error);
}
