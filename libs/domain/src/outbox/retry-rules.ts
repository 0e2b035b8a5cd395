const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/**
 * After so many failures a fact is given up, so that what follows it in its aggregate goes on. With
 * the waits in between that is about twenty minutes; RabbitMQ takes back what a consumer keeps for
 * more than thirty.
 */
const MAX_ATTEMPTS = 12;

/**
 * The same for failures that say that the fact is in order and something its handler needs is away,
 * such as a mail server: about a day.
 */
const MAX_ATTEMPTS_WHILE_AWAY = 300;

/** Thrown by a handler: nothing is wrong with the fact, something that it takes is away. */
export class TryLaterError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'TryLaterError';
  }
}

export interface RetryRules {
  /** How long a fact waits after so many failures. Milliseconds. */
  retryDelayMs: (failures: number) => number;
  /** A fact is given up at this failure, */
  maxAttempts: number;
  /** or at this one, if it is a `TryLaterError`. */
  maxAttemptsWhileAway: number;
}

/** Whether the last of so many failures ends the attempts. Failures of both kinds count as one. */
export function isLastAttempt(failures: number, error: unknown, rules: RetryRules): boolean {
  const { maxAttempts, maxAttemptsWhileAway } = rules;
  return failures >= (error instanceof TryLaterError ? maxAttemptsWhileAway : maxAttempts);
}

/** How long a fact waits after so many failures: 1 s, 2 s, 4 s … 5 minutes. Milliseconds. */
function retryDelayMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}

export const RETRY_RULES: RetryRules = {
  retryDelayMs,
  maxAttempts: MAX_ATTEMPTS,
  maxAttemptsWhileAway: MAX_ATTEMPTS_WHILE_AWAY,
};
