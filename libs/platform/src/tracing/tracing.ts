/** What is known of a piece of work. */
export type TraceAttributes = Readonly<Record<string, string | number>>;

export interface TracedWork {
  /**
   * `traceparent`s of what the work is done for: the first is its parent, the others are linked to
   * it; nobody follows work that is given none. Default: the work at hand.
   */
  readonly causes?: readonly string[];
  readonly attributes?: TraceAttributes;
}

/** A request that somebody follows. */
export interface TracedRequest {
  /** Of the whole trace, if it is recorded: 32 hexadecimal digits. */
  readonly traceId: string | undefined;
  /** Whatever this begins is part of the request. */
  run(work: () => void): void;
  end(attributes: TraceAttributes, hasFailed: boolean): void;
}

/** Lets operators follow work on its way, from process to process. */
export interface Tracing {
  /** The trace of the work at hand, if it has one. */
  readonly traceId: string | undefined;
  /**
   * Does a piece of work.
   * @param work is told its own place as a `traceparent`, if somebody follows it
   */
  trace<Result>(
    name: string,
    about: TracedWork,
    work: (here: string | undefined) => Promise<Result>,
  ): Promise<Result>;
  /** @param traceParent the request's header, if it has one */
  begin(name: string, traceParent: string | undefined, attributes: TraceAttributes): TracedRequest;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}

/** Injection token of the process's tracing: null where operators want none. */
export const TRACING = Symbol('Tracing');

/** Does the work, and follows it if there is anything to follow it with. */
export function traced<Result>(
  tracing: Tracing | null,
  name: string,
  about: TracedWork,
  work: (here: string | undefined) => Promise<Result>,
): Promise<Result> {
  return tracing ? tracing.trace(name, about, work) : work(undefined);
}
