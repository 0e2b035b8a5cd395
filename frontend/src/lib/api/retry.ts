import { ConnectionError, ProblemError, hasCode, isOutcomeUnknown } from './problem';

const RETRIES = 3;

/** Reads are retried after connection errors and 5xx; a 4xx is final. */
export function retryRead(failures: number, error: Error): boolean {
  if (failures >= RETRIES) return false;
  return error instanceof ConnectionError || (error instanceof ProblemError && error.status >= 500);
}

/** For commands that are safe to repeat: idempotent by nature, or sent with the same key. */
export function retryCommand(failures: number, error: Error): boolean {
  if (failures >= RETRIES) return false;
  return isOutcomeUnknown(error) || hasCode(error, 'OVERLOADED', 'UNAVAILABLE');
}

/** Milliseconds: `Retry-After` if given, else exponential backoff, plus jitter. */
export function retryDelay(failures: number, error: Error): number {
  const asked = error instanceof ProblemError ? error.retryAfter : null;
  const base = asked === null ? 500 * 2 ** failures : Math.min(asked, 15) * 1000;
  return base + Math.random() * 500;
}
