import type { ClaimedEvent } from '@modex/domain';
import type { TracedWork } from '@modex/platform';

/** What became of facts of one aggregate that were to be handed over in their order. */
export interface RunResult {
  /** How many of the first were handed over; none after them counts as that. */
  published: number;
  /** Why the next one failed. Absent: nothing is wrong with it, it was only not tried. */
  error?: unknown;
}

/** A fact, and where it comes from, if operators follow that. */
export type TracedEvent = Pick<ClaimedEvent, 'event' | 'traceParent'>;

/** The way that facts take from the outbox to their handlers. */
export interface EventTransport {
  /** Most facts that it is given at once. */
  readonly capacity: number;
  /** While it cannot take any, facts stay in the outbox. */
  readonly isReady: boolean;
  /** Calls when it has become ready, and at once where it may be already. */
  onReady(listener: () => void): void;
  /**
   * Hands over facts of one aggregate, each only after its predecessor. Never throws.
   * @param isOver whether no further one is to be begun
   */
  publish(run: readonly TracedEvent[], isOver: () => boolean): Promise<RunResult>;
  close(): Promise<void>;
}

/** How the handing over of a fact is followed. */
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
