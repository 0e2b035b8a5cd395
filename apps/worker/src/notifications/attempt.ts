import type { NotificationOutcome } from '@modex/domain';
import { TOLD, type ChosenMessage } from './choose-messages.js';
import { SendFailure } from './send-failure.js';

const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 3_600_000;
/** With the waits in between, about a day. */
const MAX_ATTEMPTS = 30;

/** The rows of a message that its server took. */
export function sentOutcomes(
  { rows, told }: ChosenMessage,
  sent: Required<Pick<NotificationOutcome, 'recipient' | 'messageId' | 'sentAt'>>,
): NotificationOutcome[] {
  const [first, ...others] = rows;
  return [
    { id: first.id, status: 'SENT', attempted: true, told, ...sent },
    ...others.map(({ id }) => ({
      id,
      status: 'SKIPPED' as const,
      attempted: false,
      error: TOLD,
    })),
  ];
}

/** The rows of a message that its server did not take, where that is about the message. */
export function failedOutcomes(
  { rows }: ChosenMessage,
  error: unknown,
  now: Date,
): NotificationOutcome[] {
  const attempts = rows[0].attempts + 1;
  const isRefused = error instanceof SendFailure && error.kind === 'refused';
  const isLast = isRefused || attempts >= MAX_ATTEMPTS;
  return rows.map(({ id }) => ({
    id,
    attempted: true,
    error: reasonOf(error),
    ...(isLast
      ? { status: 'FAILED' }
      : { status: 'PENDING', nextAttemptAt: new Date(now.getTime() + retryDelayMs(attempts)) }),
  }));
}

/** The rows of a message that wait, without an attempt. */
export function waitingOutcomes(
  { rows }: Pick<ChosenMessage, 'rows'>,
  nextAttemptAt?: Date,
  error?: unknown,
): NotificationOutcome[] {
  return rows.map(({ id }) => ({
    id,
    status: 'PENDING',
    attempted: false,
    ...(nextAttemptAt && { nextAttemptAt }),
    ...(error !== undefined && { error: reasonOf(error) }),
  }));
}

function retryDelayMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
}

function reasonOf(error: unknown): string {
  if (error instanceof SendFailure) return error.detail;
  return error instanceof Error ? error.message : String(error);
}
