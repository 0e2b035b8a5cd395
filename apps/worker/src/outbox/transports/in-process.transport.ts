import type { EventHandler } from '@modex/domain';
import { traced, type Tracing } from '@modex/platform';
import {
  workOf,
  type EventTransport,
  type RunResult,
  type TracedEvent,
} from './event-transport.js';
import { handleEvent } from './handle-event.js';
import { KeyedExecutor } from './keyed-executor.js';

/**
 * Calls the handlers of this process. An event is published when all of them have handled it; when
 * one fails, all get it again and deduplicate it by id.
 */
export class InProcessTransport implements EventTransport {
  /** Most events that are handled at the same time. */
  readonly capacity = 64;
  readonly isReady = true;

  constructor(
    private readonly handlers: readonly EventHandler[],
    private readonly tracing: Tracing | null = null,
  ) {}

  onReady(): void {
    // It is always ready.
  }

  async publish(run: readonly TracedEvent[], isOver: () => boolean): Promise<RunResult> {
    const handlers = this.handlers.map((handler) => ({
      handler,
      executor: new KeyedExecutor(handler),
    }));
    let failed = Infinity;
    const endings = await Promise.all(
      run.map((each, i) =>
        Promise.allSettled(
          handlers.map(({ handler, executor }) =>
            executor.run(each.event, async () => {
              if (i > failed || isOver()) throw new NotBegun();
              try {
                await this.handle(handler, each);
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

  private handle(handler: EventHandler, each: TracedEvent): Promise<void> {
    return traced(this.tracing, `relay ${each.event.type}`, workOf(each), () =>
      traced(this.tracing, `handle ${handler.name}`, {}, () => handleEvent(handler, each.event)),
    );
  }
}

/** The event was not tried: an earlier one failed, or the time was over. */
class NotBegun extends Error {}
