import { Subject, type Observable } from 'rxjs';
import { overloaded } from '../errors/service-errors.js';
import {
  GroupCommit,
  type BatchReport,
  type Caller,
  type GroupCommitSettings,
} from '../group-commit/group-commit.js';
import { BatchRunner } from './ledger/batch-runner.js';
import type { LedgerChange } from './ledger/ledger-change.js';
import type { LedgerCommand } from './ledger/ledger-command.js';
import type { Ledger } from './ledger/ledger.js';

/**
 * Runs commands through the ledger, many in one transaction when many come at once, and tells what
 * changed after each commit.
 */
export class BookingEngine {
  private readonly changed = new Subject<LedgerChange>();
  private readonly ran = new Subject<BatchReport>();
  private readonly runner: BatchRunner;
  private readonly group: GroupCommit<LedgerCommand<unknown>, unknown>;

  constructor(ledger: Ledger, settings: GroupCommitSettings) {
    this.runner = new BatchRunner(ledger, (change) => this.announce(change));
    this.group = new GroupCommit(settings, {
      run: (commands) => this.runner.run(commands),
      refusal: () => overloaded(),
      onBatch: (batch) => this.ran.next(batch),
    });
  }

  /** Every committed change that this process made, after its commit. */
  get changes(): Observable<LedgerChange> {
    return this.changed.asObservable();
  }

  /** Every batch of the lanes, for operators. */
  get batches(): Observable<BatchReport> {
    return this.ran.asObservable();
  }

  /** How many commands wait in each lane. */
  depths(): number[] {
    return this.group.depths();
  }

  /** Resolves when nothing waits and nothing runs any more. */
  drain(): Promise<void> {
    return this.group.drain();
  }

  /** Tells of a change that was committed without the ledger: a new show. */
  announce(change: LedgerChange): void {
    this.changed.next(change);
  }

  /**
   * @param caller whoever waits: a command whose caller has gone before its turn is not run
   * @throws the command's refusal; OVERLOADED when too many wait for its show, or it stays locked;
   *   UNAVAILABLE or OUTCOME_UNKNOWN when the database is away
   */
  async execute<Result>(command: LedgerCommand<Result>, caller?: Caller): Promise<Result> {
    const { urgent, showIds } = command;
    return (await this.group.submit(command, { key: showIds[0] ?? '', urgent, caller })) as Result;
  }

  /**
   * The same in a transaction of its own, beside the lanes, that does not wait for the show: it is
   * as if the show were not there while somebody else has it locked.
   */
  async executeUnlessLocked<Result>(command: LedgerCommand<Result>): Promise<Result> {
    const [settled] = await this.runner.run([command], { skipLocked: true });
    if (!settled?.ok) throw settled?.error;
    return settled.value as Result;
  }
}
