const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/**
 * With the delays in between these attempts take about 20 minutes. RabbitMQ redelivers a message that
 * a consumer has not acknowledged within 30.
 */
const MAX_ATTEMPTS = 12;

/** About a day: the event is valid and a dependency of its handler, such as a mail server, is away. */
const MAX_TRANSIENT_ATTEMPTS = 300;

/** Thrown by a handler when a dependency is away: the event itself is valid. */
export class TransientError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'TransientError';
  }
}

export interface RetryRules {
  /** How long an event waits after so many failures. Milliseconds. */
  retryDelayMs: (failures: number) => number;
  /** Failures after which an event is dead-lettered. */
  maxAttempts: number;
  /** The same when the last failure is a `TransientError`. */
  maxTransientAttempts: number;
}

/** Whether the event is dead-lettered at this failure. Failures of both kinds are counted together. */
export function isLastAttempt(failures: number, error: unknown, rules: RetryRules): boolean {
  const { maxAttempts, maxTransientAttempts } = rules;
  return failures >= (error instanceof TransientError ? maxTransientAttempts : maxAttempts);
}

/** 1 s, 2 s, 4 s … 5 minutes. Milliseconds. */
function retryDelayMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}

export const RETRY_RULES: RetryRules = {
  retryDelayMs,
  maxAttempts: MAX_ATTEMPTS,
  maxTransientAttempts: MAX_TRANSIENT_ATTEMPTS,
};
