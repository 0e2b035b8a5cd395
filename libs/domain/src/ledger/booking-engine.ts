import { Subject, type Observable } from 'rxjs';
import { overloaded } from '../errors/service-errors.js';
import {
  GroupCommit,
  type BatchReport,
  type Caller,
  type GroupCommitSettings,
} from './group-commit.js';
import type { Tracing } from '../tracing/tracing.js';
import { BatchRunner } from './batch-runner.js';
import type { LedgerChange } from './ledger-change.js';
import type { LedgerCommand } from './ledger-command.js';
import type { Ledger, TransactionReport } from './ledger.js';

/**
 * Runs commands through the ledger by group commit, and publishes the changes after each commit.
 */
export class BookingEngine {
  private readonly changed = new Subject<LedgerChange>();
  private readonly ran = new Subject<BatchReport>();
  private readonly runner: BatchRunner;
  private readonly group: GroupCommit<LedgerCommand<unknown>, unknown>;

  /** @param tracing null if it is off */
  constructor(
    private readonly ledger: Ledger,
    settings: GroupCommitSettings,
    private readonly tracing: Tracing | null = null,
  ) {
    this.runner = new BatchRunner(ledger, (change) => this.announce(change));
    this.group = new GroupCommit(settings, {
      run: (commands) => this.runBatch(commands),
      refusal: () => overloaded(),
      onBatch: (batch) => this.ran.next(batch),
    });
  }

  /** Every committed change that this process made, after its commit. */
  get changes(): Observable<LedgerChange> {
    return this.changed.asObservable();
  }

  /** Every batch of the lanes, for metrics. */
  get batches(): Observable<BatchReport> {
    return this.ran.asObservable();
  }

  /** Every transaction of the ledger, for metrics. */
  get transactions(): Observable<TransactionReport> {
    return this.ledger.transactions;
  }

  /** How many commands wait in each lane. */
  depths(): number[] {
    return this.group.depths();
  }

  /** Resolves when nothing waits and nothing runs any more. */
  drain(): Promise<void> {
    return this.group.drain();
  }

  /** Publishes a change that was committed outside the ledger: a new show. */
  announce(change: LedgerChange): void {
    this.changed.next(change);
  }

  /**
   * @param caller a command whose caller has gone before its turn is not executed
   * @throws the command's refusal; OVERLOADED when too many wait for its show, or it stays locked;
   *   UNAVAILABLE or OUTCOME_UNKNOWN when the database is away
   */
  async execute<Result>(command: LedgerCommand<Result>, caller?: Caller): Promise<Result> {
    const { urgent, showIds } = command;
    const submit = () => this.group.submit(command, { key: showIds[0] ?? '', urgent, caller });
    return (await (this.tracing ? this.follow(this.tracing, command, submit) : submit())) as Result;
  }

  /**
   * The same in a separate transaction outside the lanes, with SKIP LOCKED: to the command, a locked
   * show does not exist.
   */
  async executeUnlessLocked<Result>(command: LedgerCommand<Result>): Promise<Result> {
    const run = async () => {
      const [settled] = await this.runner.run([command], { skipLocked: true });
      if (!settled?.ok) throw settled?.error;
      return settled.value;
    };
    return (await (this.tracing ? this.follow(this.tracing, command, run) : run())) as Result;
  }

  /** Gives the command a span, to which its events link. */
  private follow(
    tracing: Tracing,
    command: LedgerCommand<unknown>,
    work: () => Promise<unknown>,
  ): Promise<unknown> {
    const attributes = { 'modex.show': command.showIds.join() };
    return tracing.trace(`command ${command.constructor.name}`, { attributes }, (here) => {
      command.cause = here;
      return work();
    });
  }

  /** The span of a batch is a child of its first traced command, and links to the others. */
  private runBatch(commands: readonly LedgerCommand<unknown>[]) {
    if (!this.tracing) return this.runner.run(commands);
    const causes = commands.flatMap(({ cause }) => cause ?? []);
    const attributes = { 'modex.commands': commands.length };
    return this.tracing.trace('batch', { causes, attributes }, () => this.runner.run(commands));
  }
}
