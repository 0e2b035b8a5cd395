import type { DomainEvent, EventHandler } from '@modex/domain';
import type { EventTransport, RunResult } from './event-transport.js';
import { handleEvent } from './handle-event.js';

/**
 * Calls the handlers of this process. A fact is handed over when all of them are done with it; if
 * one fails, all of them get it again, and tell by its id what they have done.
 */
export class InProcessTransport implements EventTransport {
  /** Also the most facts that are being handled at the same time. */
  readonly capacity = 64;
  readonly isReady = true;

  constructor(private readonly handlers: readonly EventHandler[]) {}

  onReady(): void {
    // It always is.
  }

  async publish(run: readonly DomainEvent[], isOver: () => boolean): Promise<RunResult> {
    let published = 0;
    try {
      for (const event of run) {
        if (isOver()) break;
        await this.handle(event);
        published += 1;
      }
      return { published };
    } catch (error) {
      return { published, error };
    }
  }

  async close(): Promise<void> {}

  /** @throws the first handler's failure, after all of them have ended */
  private async handle(event: DomainEvent): Promise<void> {
    const endings = await Promise.allSettled(
      this.handlers.map((handler) => handleEvent(handler, event)),
    );
    const failure = endings.find((ending) => ending.status === 'rejected');
    if (failure) throw failure.reason;
  }
}
