import type { Show } from '../shows/show.entity.js';
import type { TraceParent } from '../tracing/tracing.js';
import type { ReadRequests } from './read-set.js';
import type { UnitOfWork } from './unit-of-work.js';

/**
 * One wish of one caller. A batch loop that knows no kind of command runs it in two steps, both
 * under the locks of its shows: `need` names what has to be read, for the whole batch at once;
 * `decide` changes the unit of work in memory and returns the answer, or throws a `DomainError` to refuse.
 * A new feature is a new command, not an edit to the loop.
 */
export interface LedgerCommand<Result> {
  /** The shows to lock. The command sees and changes no other. */
  readonly showIds: readonly string[];
  /** Goes before commands that are not: a customer with a live hold is never kept at confirm. */
  readonly urgent: boolean;
  /** Its place in a trace, if tracing is on; the events it records carry it on. */
  cause?: TraceParent | undefined;
  /** `shows` holds the locked rows; one that is missing does not exist (or was skipped). */
  need(requests: ReadRequests, shows: ReadonlyMap<string, Show>): void;
  /** Asked in the command's turn: true to be decided after the rest of the batch. */
  decidesLast?(work: UnitOfWork): boolean;
  decide(work: UnitOfWork): Result;
}

/** What became of one command: its result, a refusal, or the wish to be run once more. */
export type Outcome<Result> =
  | { readonly kind: 'done'; readonly value: Result }
  | { readonly kind: 'refused'; readonly error: Error }
  | { readonly kind: 'again' };

/**
 * Thrown by `decide` when more lapsed holds must be taken back than one transaction may: what was
 * taken back is kept, and the command runs again in the next transaction.
 */
export class RunAgain extends Error {}
