import { DomainError } from './domain-error.js';

export const RETRY_AFTER_SECONDS = 1;

/** Too much to do: nothing was done. */
export const overloaded = (cause?: unknown) =>
  new DomainError(
    'unavailable',
    'OVERLOADED',
    'Too many requests at once; nothing was done. Try again in a moment.',
    { retryAfter: RETRY_AFTER_SECONDS },
    { cause },
  );

/** A part is down: nothing was done. */
export const unavailable = (cause?: unknown) =>
  new DomainError(
    'unavailable',
    'UNAVAILABLE',
    'A part of the service is down; nothing was done. Try again in a moment.',
    { retryAfter: RETRY_AFTER_SECONDS },
    { cause },
  );

/** The answer of the database got lost: it may have happened. */
export const outcomeUnknown = (cause?: unknown) =>
  new DomainError(
    'unavailable',
    'OUTCOME_UNKNOWN',
    'It may have happened. Repeat the request with the same idempotency key, or read.',
    { retryAfter: RETRY_AFTER_SECONDS },
    { cause },
  );
