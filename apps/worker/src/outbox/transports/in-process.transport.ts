import type { DomainEvent, EventHandler } from '@modex/domain';
import type { EventTransport, RunResult } from './event-transport.js';
import { handleEvent } from './handle-event.js';
import { InOrder } from './in-order.js';

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
    const handlers = this.handlers.map((handler) => ({ handler, inOrder: new InOrder(handler) }));
    let failed = Infinity;
    const endings = await Promise.all(
      run.map((event, i) =>
        Promise.allSettled(
          handlers.map(({ handler, inOrder }) =>
            inOrder.run(event, async () => {
              if (i > failed || isOver()) throw new NotBegun();
              try {
                await handleEvent(handler, event);
              } catch (error) {
                failed = Math.min(failed, i);
                throw error;
              }
            }),
          ),
        ),
      ),
    );
    const reasons = endings.map((each) =>
      each.flatMap((ending) => (ending.status === 'rejected' ? [ending.reason as unknown] : [])),
    );
    const published = reasons.findIndex(({ length }) => length > 0);
    if (published === -1) return { published: run.length };
    return { published, error: reasons[published]!.find((each) => !(each instanceof NotBegun)) };
  }

  async close(): Promise<void> {}
}

/** Of a fact that has its turn when another has failed or the time is over. */
class NotBegun extends Error {}
