/** Attributes of a span. */
export type TraceAttributes = Readonly<Record<string, string | number>>;

export interface TracedWork {
  /**
   * `traceparent`s of the causes of the work: the first is its parent, the others become links. Work
   * with an empty list is not traced. Default: the current span.
   */
  readonly causes?: readonly string[];
  readonly attributes?: TraceAttributes;
}

/** A traced request. */
export interface TracedRequest {
  /** The trace id, if the trace is sampled: 32 hexadecimal digits. */
  readonly traceId: string | undefined;
  /** Work started inside belongs to the request. */
  run(work: () => void): void;
  end(attributes: TraceAttributes, hasFailed: boolean): void;
}

/** Distributed tracing. */
export interface Tracing {
  /** The id of the current trace, if there is one. */
  readonly traceId: string | undefined;
  /**
   * Runs the work in a span.
   * @param work gets its own `traceparent`, if it is sampled
   */
  trace<Result>(
    name: string,
    about: TracedWork,
    work: (here: string | undefined) => Promise<Result>,
  ): Promise<Result>;
  /** @param traceParent the request's header, if it has one */
  begin(name: string, traceParent: string | undefined, attributes: TraceAttributes): TracedRequest;
  /** Sends the remaining spans. */
  close(): Promise<void>;
}

/** Injection token of the process's tracing; null without tracing. */
export const TRACING = Symbol('Tracing');

/** Runs the work, in a span if there is tracing. */
export function traced<Result>(
  tracing: Tracing | null,
  name: string,
  about: TracedWork,
  work: (here: string | undefined) => Promise<Result>,
): Promise<Result> {
  return tracing ? tracing.trace(name, about, work) : work(undefined);
}
