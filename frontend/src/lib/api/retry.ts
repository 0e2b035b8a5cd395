import { ConnectionError, ProblemError, hasCode, isOutcomeUnknown } from './problem';

const RETRIES = 3;

/** Reads are repeated when waiting can help; a 4xx will not change its mind. */
export function retryRead(failures: number, error: Error): boolean {
  if (failures >= RETRIES) return false;
  return error instanceof ConnectionError || (error instanceof ProblemError && error.status >= 500);
}

/** For commands that are safe to repeat: idempotent by nature, or sent with the same key. */
export function retryCommand(failures: number, error: Error): boolean {
  if (failures >= RETRIES) return false;
  return isOutcomeUnknown(error) || hasCode(error, 'OVERLOADED', 'UNAVAILABLE');
}

/** Milliseconds; the server's `Retry-After` wins, and jitter keeps a crowd from coming back as one. */
export function retryDelay(failures: number, error: Error): number {
  const asked = error instanceof ProblemError ? error.retryAfter : null;
  const base = asked === null ? 500 * 2 ** failures : Math.min(asked, 15) * 1000;
  return base + Math.random() * 500;
}
