import { setTimeout as sleep } from 'node:timers/promises';
import {
  isConflictToRetry,
  isConnectionLost,
  isDatabaseAway,
  isDataError,
  isNodeLost,
  isTimeout,
  isUniqueViolation,
  mayHaveCommitted,
} from '../database/database-errors.js';
import { outcomeUnknown, overloaded, unavailable } from '../errors/service-errors.js';
import type { Settled } from './group-commit.js';
import { append } from './read-set.js';
import type { LedgerChange } from './ledger-change.js';
import type { LedgerCommand, Outcome } from './ledger-command.js';
import type { BatchOptions, Ledger } from './ledger.js';
import { Outage } from './outage.js';

/** A batch is retried for this long after its first conflict. Milliseconds. */
const RETRY_FOR_MS = 4_000;
/**
 * Lost connections are retried for this long after an outage begins, so that callers get 503 within
 * a second. Milliseconds.
 */
const RETRY_AWAY_FOR_MS = 250;
const RETRY_PAUSE_MS = 100;
/** Every retry finds the keys that the run before violated; more violations have another cause. */
const MOST_CLASHES = 3;
/** After this many failures the batch ends, so that a lost node does not block the lane. */
const MOST_NODE_LOSSES = 3;

type Commands = readonly LedgerCommand<unknown>[];
type Results = readonly Settled<unknown>[];
type Options = Pick<BatchOptions, 'skipLocked' | 'outcomeUnknown'>;

/** The error that ended a batch, and whether the batch may have been committed. */
class BatchFailure {
  constructor(
    readonly error: unknown,
    readonly mayBeCommitted: boolean,
  ) {}
}

/**
 * Runs a batch through the ledger until every command has a result. A conflict or a lost connection
 * runs the batch again. After a lock time-out each show runs as a batch of its own; after a data
 * error each command does. After a lost COMMIT the retry first checks what was committed.
 */
export class BatchRunner {
  private readonly outage = new Outage();

  /** @param onChange called after each commit with its changes and the shows found sold out */
  constructor(
    private readonly ledger: Ledger,
    private readonly onChange: (change: LedgerChange) => void,
  ) {}

  async run(commands: Commands, options: Options = {}): Promise<Results> {
    const outcomes = await this.commit(commands, options);
    if (outcomes instanceof BatchFailure) return this.fallBack(commands, options, outcomes);
    return this.runAgain(commands, outcomes, options);
  }

  private async commit(
    commands: Commands,
    options: Options,
  ): Promise<Outcome<unknown>[] | BatchFailure> {
    let deadline = Infinity;
    let mayBeCommitted = options.outcomeUnknown ?? false;
    let clashes = 0;
    let nodeLosses = 0;
    for (;;) {
      let written = false;
      try {
        const { outcomes, change } = await this.ledger.run(commands, {
          ...options,
          outcomeUnknown: mayBeCommitted,
          clashed: clashes > 0,
          onWritten: () => (written = true),
        });
        this.outage.end();
        if (change.shows.length > 0 || change.soldOut.length > 0) this.onChange(change);
        return outcomes;
      } catch (error) {
        const lost = isConnectionLost(error);
        const ambiguous = written && mayHaveCommitted(error);
        // Checking the outcome of a COMMIT gets the full retry time from its failure on.
        if (ambiguous && !mayBeCommitted) deadline = Infinity;
        mayBeCommitted ||= ambiguous;
        deadline = Math.min(deadline, this.deadline(lost, mayBeCommitted));
        // A random reference, of which the retry makes a new one, or an idempotency key that was
        // just used for another show, which the retry finds.
        const clash = isUniqueViolation(error) && ++clashes <= MOST_CLASHES;
        // An ambiguous COMMIT is checked for the whole retry time.
        const givenUp = isNodeLost(error) && !mayBeCommitted && ++nodeLosses >= MOST_NODE_LOSSES;
        // A server that is unable is not retried, except to check an ambiguous COMMIT.
        const asks = mayBeCommitted && isDatabaseAway(error);
        const retry = (lost && !givenUp) || asks || isConflictToRetry(error) || clash;
        if (!retry || performance.now() >= deadline) return new BatchFailure(error, mayBeCommitted);
        if (!clash) await sleep(RETRY_PAUSE_MS * Math.random());
      }
    }
  }

  /** The end of the retries, counted from the failure. */
  private deadline(lost: boolean, mayBeCommitted: boolean): number {
    const now = performance.now();
    if (!lost) return now + RETRY_FOR_MS;
    // Counted from the beginning of the outage, so later batches do not wait the full time again.
    const since = this.outage.notice();
    return (mayBeCommitted ? now : since) + RETRY_AWAY_FOR_MS;
  }

  private async fallBack(
    commands: Commands,
    options: Options,
    { error, mayBeCommitted }: BatchFailure,
  ): Promise<Results> {
    const next = { ...options, outcomeUnknown: mayBeCommitted };
    const shows = groupByShow(commands);
    if (isTimeout(error) && shows.length > 1) return this.runParts(commands, shows, next);
    if (isDataError(error) && commands.length > 1) {
      const singles = commands.map((command) => [command]);
      return this.runParts(commands, singles, next);
    }
    const failure = explain(error, mayBeCommitted);
    return commands.map(() => ({ ok: false, error: failure }));
  }

  private async runParts(all: Commands, parts: Commands[], options: Options): Promise<Results> {
    const results = new Map<LedgerCommand<unknown>, Settled<unknown>>();
    for (const part of parts) {
      const settled = await this.run(part, options);
      for (const [i, command] of part.entries()) results.set(command, settled[i]!);
    }
    return all.map((command) => results.get(command)!);
  }

  /** Runs the commands that asked for another transaction, and merges their results. */
  private async runAgain(
    commands: Commands,
    outcomes: Outcome<unknown>[],
    options: Options,
  ): Promise<Results> {
    const again = commands.filter((_, i) => outcomes[i]!.kind === 'again');
    const rest = again.length > 0 ? await this.run(again, options) : [];
    let next = 0;
    return outcomes.map((outcome) => {
      if (outcome.kind === 'again') return rest[next++]!;
      if (outcome.kind === 'done') return { ok: true, value: outcome.value };
      return { ok: false, error: outcome.error };
    });
  }
}

function groupByShow(commands: Commands): Commands[] {
  const groups = new Map<string, LedgerCommand<unknown>[]>();
  for (const command of commands) append(groups, command.showIds.join(), command);
  return [...groups.values()];
}

function explain(error: unknown, mayBeCommitted: boolean): unknown {
  if (mayBeCommitted) return outcomeUnknown(error);
  if (isDatabaseAway(error)) return unavailable(error);
  if (isTimeout(error) || isConflictToRetry(error)) return overloaded(error);
  return error;
}
