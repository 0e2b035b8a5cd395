import { setTimeout as sleep } from 'node:timers/promises';
import { Subject, type Observable } from 'rxjs';
import {
  isConflictToRetry,
  isConnectionLost,
  isTimeout,
  isUniqueViolation,
} from '../database/database-errors.js';
import { DomainError } from '../errors/domain-error.js';
import { outcomeUnknown, overloaded, unavailable } from '../errors/service-errors.js';
import type { LedgerChange } from './ledger/ledger-change.js';
import type { LedgerCommand } from './ledger/ledger-command.js';
import type { BatchOptions, BatchResult, Ledger } from './ledger/ledger.js';

/** How long a command goes on trying when the database is away. Milliseconds. */
const PATIENCE_MS = 4_000;
const RETRY_PAUSE_MS = 100;

/**
 * Runs commands through the ledger, each as a batch of its own, and tells what changed after each
 * commit. Conflicts and lost connections are run again; whether a lost COMMIT happened is asked,
 * never assumed.
 */
export class BookingEngine {
  private readonly changed = new Subject<LedgerChange>();

  constructor(private readonly ledger: Ledger) {}

  /** Every committed change that this process made, after its commit. */
  get changes(): Observable<LedgerChange> {
    return this.changed.asObservable();
  }

  /** Tells of a change that was committed without the ledger: a new show. */
  announce(change: LedgerChange): void {
    this.changed.next(change);
  }

  /**
   * @throws the command's refusal; OVERLOADED when its show stays locked; UNAVAILABLE or
   *   OUTCOME_UNKNOWN when the database is away
   */
  async execute<Result>(
    command: LedgerCommand<Result>,
    options: Pick<BatchOptions, 'skipLocked'> = {},
  ): Promise<Result> {
    for (;;) {
      const { outcomes, change } = await this.runToCommit(command, options);
      if (change.shows.length > 0) this.announce(change);
      const [outcome] = outcomes;
      if (outcome?.kind === 'refused') throw outcome.error;
      if (outcome?.kind === 'done') return outcome.value as Result;
    }
  }

  private async runToCommit(
    command: LedgerCommand<unknown>,
    options: BatchOptions,
  ): Promise<BatchResult> {
    const deadline = performance.now() + PATIENCE_MS;
    let mayBeCommitted = false;
    for (;;) {
      let written = false;
      try {
        return await this.ledger.run([command], {
          ...options,
          outcomeUnknown: mayBeCommitted,
          onWritten: () => (written = true),
        });
      } catch (error) {
        if (error instanceof DomainError) throw error;
        const lost = isConnectionLost(error);
        mayBeCommitted ||= lost && written;
        // Under the lock only a booking's random reference can clash; the next run draws another.
        const retry = lost || isConflictToRetry(error) || isUniqueViolation(error);
        if (retry && performance.now() < deadline) await sleep(RETRY_PAUSE_MS * Math.random());
        else throw this.failure(error, mayBeCommitted);
      }
    }
  }

  private failure(error: unknown, mayBeCommitted: boolean): unknown {
    if (mayBeCommitted) return outcomeUnknown(error);
    if (isConnectionLost(error)) return unavailable(error);
    if (isTimeout(error) || isConflictToRetry(error)) return overloaded(error);
    return error;
  }
}
