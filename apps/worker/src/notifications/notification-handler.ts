import { TransientError, type DomainEvent, type EventHandler } from '@modex/domain';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { WorkerConfig } from '../config/worker-config.js';
import { NotificationSender } from './notification-sender.js';
import { retryWithBackoff, waitsForDatabase } from './retry-with-backoff.js';
import { NotificationPlanner } from './notification-planner.js';
import { SendFailure } from './send-failure.js';

/** How long a fact waits for the database without counting as failed. Milliseconds. */
const PATIENCE_MS = 5 * 60_000;

/** Names its queue. */
export const NOTIFICATION_HANDLER = 'notifications';

/** Tells people of facts about their bookings. */
@Injectable()
export class NotificationHandler implements EventHandler, OnModuleDestroy {
  readonly name = NOTIFICATION_HANDLER;
  private readonly stop = new AbortController();

  constructor(
    private readonly planner: NotificationPlanner,
    private readonly sender: NotificationSender,
    private readonly config: WorkerConfig,
  ) {}

  onModuleDestroy(): void {
    this.stop.abort();
  }

  /** What becomes of one booking says nothing of another, and a sale has thousands of them. */
  subjectOf({ payload }: DomainEvent): string | null {
    return typeof payload['bookingId'] === 'string' ? payload['bookingId'] : null;
  }

  /**
   * @throws if a message could not be sent that may be later; those that were are not sent again.
   *   `TransientError` where that is not the fact's fault
   */
  async handle(event: DomainEvent): Promise<void> {
    if (event.type === 'booking.held' && this.config.NOTIFY_HOLDS === 'off') return;
    try {
      await retryWithBackoff(() => this.tell(event), PATIENCE_MS, this.stop.signal);
    } catch (error) {
      throw isOutage(error) ? new TransientError(error) : error;
    }
  }

  private async tell(event: DomainEvent): Promise<void> {
    let failure: unknown = null;
    for await (const messages of this.planner.messagesOf(event)) {
      const failures = await this.sender.send(messages);
      failure ??= failures[0] ?? null;
      // One who cannot be reached keeps nobody waiting; where nobody can be, the rest waits.
      if (failures.length >= messages.length) break;
    }
    if (failure !== null) throw failure;
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof SendFailure ? error.kind === 'away' : waitsForDatabase(error);
}
