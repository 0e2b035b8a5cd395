import type { ClaimedEvent } from '@modex/domain';
import type { TracedWork } from '@modex/platform';

/** The result of publishing consecutive events of one aggregate. */
export interface RunResult {
  /** How many of the first events were published. */
  published: number;
  /** Why the next one failed. Absent when it was not tried. */
  error?: unknown;
}

/** An event and the trace of the request that caused it. */
export type TracedEvent = Pick<ClaimedEvent, 'event' | 'traceParent'>;

/** Carries events from the outbox to their handlers. */
export interface EventTransport {
  /** Most events in flight. */
  readonly capacity: number;
  /** While it is not ready, events stay in the outbox. */
  readonly isReady: boolean;
  /** Calls the listener whenever it becomes ready, and at once if it may be ready now. */
  onReady(listener: () => void): void;
  /**
   * Publishes events of one aggregate, each after its predecessor. Never throws.
   * @param isOver whether to begin no further one
   */
  publish(run: readonly TracedEvent[], isOver: () => boolean): Promise<RunResult>;
  close(): Promise<void>;
}

/** The traced work of publishing an event. */
export function workOf({ event, traceParent }: TracedEvent): TracedWork {
  const { id, version } = event;
  return {
    causes: traceParent === null ? [] : [traceParent],
    attributes: { 'modex.event': id, 'modex.version': version },
  };
}

export const EVENT_TRANSPORT = Symbol('EVENT_TRANSPORT');
/** The handlers of this process: an array of `EventHandler`. */
export const EVENT_HANDLERS = Symbol('EVENT_HANDLERS');
