/** A place in a trace, written as the W3C's header `traceparent`. */
export type TraceParent = string;

export interface TracedWork {
  /**
   * What the work is done for: the first is its parent, the others are linked to it; nobody follows
   * work that is given none. Default: the work at hand.
   */
  readonly causes?: readonly TraceParent[];
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/**
 * Lets operators follow work on its way. The domain does not know how: who starts the engine brings
 * it along, and without it nothing is spent on it.
 */
export interface Tracing {
  /**
   * Does a piece of work.
   * @param work is told its own place, if somebody follows it
   */
  trace<Result>(
    name: string,
    about: TracedWork,
    work: (here: TraceParent | undefined) => Promise<Result>,
  ): Promise<Result>;
}
