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

/** How long a batch goes on trying after its first conflict. Milliseconds. */
const PATIENCE_MS = 4_000;
/**
 * The same when the database is away. Most such losses are over in a fraction of it; and where they
 * are not, people want to know within a second. Milliseconds.
 */
const AWAY_PATIENCE_MS = 250;
const RETRY_PAUSE_MS = 100;
/** Each run knows the keys that the one before it did not; more clashes than this are something else. */
const MOST_CLASHES = 3;
/**
 * The first may be a connection that its node has closed. A node that stays away must not keep the
 * lane from shows on the others.
 */
const MOST_NODE_LOSSES = 3;

type Commands = readonly LedgerCommand<unknown>[];
type Results = readonly Settled<unknown>[];
type Options = Pick<BatchOptions, 'skipLocked' | 'outcomeUnknown'>;

/** Why a batch was given up, and whether it may have been committed all the same. */
class BatchFailure {
  constructor(
    readonly error: unknown,
    readonly mayBeCommitted: boolean,
  ) {}
}

/**
 * Runs a batch through the ledger until every command has an answer. A conflict or a lost
 * connection runs the batch again; a show that stays locked is tried once more on its own; a
 * command that brings along what cannot be stored harms nobody but itself. Whether a lost COMMIT
 * happened is asked, never assumed.
 */
export class BatchRunner {
  private readonly outage = new Outage();

  /** @param onChange hears of every committed change and of what is sold out, after the commit */
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
        // Whoever has something to ask needs time of their own for it, from when that began.
        if (ambiguous && !mayBeCommitted) deadline = Infinity;
        mayBeCommitted ||= ambiguous;
        deadline = Math.min(deadline, this.deadline(lost, mayBeCommitted));
        // Under the lock a booking's random reference can clash, of which the next run draws another,
        // and an idempotency key that was used for another show meanwhile, which it finds.
        const clash = isUniqueViolation(error) && ++clashes <= MOST_CLASHES;
        // Unless it may have been committed, which has to be asked for as long as there is time.
        const givenUp = isNodeLost(error) && !mayBeCommitted && ++nodeLosses >= MOST_NODE_LOSSES;
        // A server that says it cannot will say so again; but what is in doubt has to be asked.
        const asks = mayBeCommitted && isDatabaseAway(error);
        const retry = (lost && !givenUp) || asks || isConflictToRetry(error) || clash;
        if (!retry || performance.now() >= deadline) return new BatchFailure(error, mayBeCommitted);
        if (!clash) await sleep(RETRY_PAUSE_MS * Math.random());
      }
    }
  }

  /** When it is given up. Counted from a failure, as that may show only when COMMIT is not answered. */
  private deadline(lost: boolean, mayBeCommitted: boolean): number {
    const now = performance.now();
    if (!lost) return now + PATIENCE_MS;
    // Those who come into an outage do not wait again as long as the first of it.
    const since = this.outage.notice();
    return (mayBeCommitted ? now : since) + AWAY_PATIENCE_MS;
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

  /** Some may need one more transaction; their answers take the place of the wish. */
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
