import type { Show } from '../shows/show.entity.js';
import type { TraceParent } from '../tracing/tracing.js';
import type { ReadRequests } from './read-set.js';
import type { UnitOfWork } from './unit-of-work.js';

/**
 * A request of one caller. The batch loop runs it in two steps under the locks of its shows: `need`
 * names what to read, so that one statement reads it for the whole batch; `decide` changes the unit of work in memory and returns the answer, or throws a `DomainError` to refuse.
 * A new feature is a new command, not an edit to the loop.
 */
export interface LedgerCommand<Result> {
  /** The shows to lock. The command sees and changes no other. */
  readonly showIds: readonly string[];
  /** Runs before commands that are not urgent, so that a confirm does not wait for new holds. */
  readonly urgent: boolean;
  /** Its place in a trace, if tracing is on; the events it records carry it on. */
  cause?: TraceParent | undefined;
  /** `shows` holds the locked rows; one that is missing does not exist (or was skipped). */
  need(requests: ReadRequests, shows: ReadonlyMap<string, Show>): void;
  /** Asked in the command's turn: true to be decided after the rest of the batch. */
  decidesLast?(work: UnitOfWork): boolean;
  decide(work: UnitOfWork): Result;
}

/** The outcome of a command: a result, a refusal, or a request for another transaction. */
export type Outcome<Result> =
  | { readonly kind: 'done'; readonly value: Result }
  | { readonly kind: 'refused'; readonly error: Error }
  | { readonly kind: 'again' };

/**
 * Thrown by `decide` when more lapsed holds must be reclaimed than one transaction may: those
 * reclaimed stay so, and the command runs again in the next transaction.
 */
export class RunAgain extends Error {}
