import { Subject, type Observable } from 'rxjs';
import type { DataSource, EntityManager } from 'typeorm';
import { readClock } from '../database/database-clock.js';
import { entityOfRow } from '../database/entity-of-row.js';
import type { EventType } from '../outbox/domain-event-catalogue.js';
import { Show } from '../shows/show.entity.js';
import type { Tracing } from '../tracing/tracing.js';
import { UnitOfWork } from './unit-of-work.js';
import { ReadRequests } from './read-set.js';
import type { ShardingSettings } from './on-its-shards.js';
import { loadReadSet } from './load-read-set.js';
import { RunAgain, type LedgerCommand, type Outcome } from './ledger-command.js';
import type { LedgerChange } from './ledger-change.js';
import { persistUnitOfWork } from './persist-unit-of-work.js';
import { DomainError } from '../errors/domain-error.js';

export interface BatchResult {
  /** In the order of the commands. */
  readonly outcomes: Outcome<unknown>[];
  readonly change: LedgerChange;
}

/** The result of one transaction, for metrics. */
export interface TransactionReport {
  /** Wait for the shows' locks, until they are held or the wait fails; null before it. Milliseconds. */
  readonly lockMs: number | null;
  /** How many domain events of each type were committed. */
  readonly events: ReadonlyMap<EventType, number>;
  /** Absent if the transaction was committed. */
  readonly error?: unknown;
}

export interface BatchOptions {
  /** Skip shows that another transaction has locked, instead of waiting for them. */
  readonly skipLocked?: boolean;
  /** Whether an earlier attempt at this batch may have been committed. */
  readonly outcomeUnknown?: boolean;
  /** Whether an earlier attempt violated a unique key: then keys of all shows are searched. */
  readonly clashed?: boolean;
  /** Called when only COMMIT is left; a failure after it is ambiguous. */
  readonly onWritten?: () => void;
}

/**
 * The only writer of `shows.available_slots`, `held_slots` and `bookings.status`.
 *
 * Runs a batch of commands in one READ COMMITTED transaction: lock the shows, read the clock, load
 * the read set, decide every command in order, persist the unit of work, commit. A batch of one is
 * the textbook `SELECT … FOR UPDATE` booking. The lock is a statement of its own, because a
 * statement sees the snapshot from before its wait; later statements read the clock and the rows.
 */
export class Ledger {
  private readonly lockStatements = new Map<string, string>();
  private readonly ended = new Subject<TransactionReport>();
  private readonly afterClash: ShardingSettings;

  /** @param tracing null if it is off */
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: ShardingSettings,
    private readonly tracing: Tracing | null = null,
  ) {
    this.afterClash = { ...settings, idempotencyAcrossShows: !settings.sharded };
  }

  /** Every transaction, committed or not. */
  get transactions(): Observable<TransactionReport> {
    return this.ended.asObservable();
  }

  async run(
    commands: readonly LedgerCommand<unknown>[],
    options: BatchOptions = {},
  ): Promise<BatchResult> {
    const lock: LockTimes = { asked: null, had: null };
    const { work, ...result } = await (
      this.tracing
        ? this.tracing.trace('transaction', {}, () => this.transact(commands, options, lock))
        : this.transact(commands, options, lock)
    ).catch((error: unknown) => {
      this.ended.next({ lockMs: lockMs(lock), events: NO_EVENTS, error });
      throw error;
    });
    this.ended.next({ lockMs: lockMs(lock), events: countEvents(work) });
    return result;
  }

  private transact(
    commands: readonly LedgerCommand<unknown>[],
    options: BatchOptions,
    lock: LockTimes,
  ): Promise<BatchResult & { work: UnitOfWork }> {
    return this.dataSource.transaction(async (manager) => {
      const since = performance.now();
      lock.asked = since;
      // Sent together, but executed in order: the clock is read after the lock's wait.
      const lockAndRead = () =>
        Promise.all([
          this.lockShows(manager, commands, options.skipLocked ?? false),
          readClock(manager),
        ]);
      const [shows, clock] = await (this.tracing
        ? this.tracing.trace('lock', {}, lockAndRead)
        : lockAndRead());
      lock.had = performance.now();
      const requests = new ReadRequests(options.outcomeUnknown);
      for (const command of commands) command.need(requests, shows);
      const settings = options.clashed ? this.afterClash : this.settings;
      const readSet = await loadReadSet(manager, clock, requests, shows, settings);
      const work = new UnitOfWork(shows, clock, readSet);
      const outcomes = this.decideAll(commands, work);
      await persistUnitOfWork(manager, work, this.settings);
      options.onWritten?.();
      return { outcomes, change: changeOf(work, since), work };
    });
  }

  /** In order, except that commands with `decidesLast` come after the others. */
  private decideAll(
    commands: readonly LedgerCommand<unknown>[],
    work: UnitOfWork,
  ): Outcome<unknown>[] {
    const outcomes: Outcome<unknown>[] = new Array(commands.length);
    const last: number[] = [];
    const run = (command: LedgerCommand<unknown>, i: number) => {
      if (this.tracing) work.beginCommand(command);
      outcomes[i] = decide(command, work);
    };
    for (const [i, command] of commands.entries()) {
      if (command.decidesLast?.(work)) last.push(i);
      else run(command, i);
    }
    for (const i of last) run(commands[i]!, i);
    return outcomes;
  }

  /** Locks in ascending order of ids, so that two batches with the same shows cannot deadlock. */
  private async lockShows(
    manager: EntityManager,
    commands: readonly LedgerCommand<unknown>[],
    skipLocked: boolean,
  ): Promise<Map<string, Show>> {
    const ids = [...new Set(commands.flatMap((command) => command.showIds))];
    // Citus takes row locks only in statements with `id = $1`.
    const isOne = ids.length === 1;
    const sql = this.lockStatement(isOne, skipLocked);
    const rows = await manager.query<Record<string, unknown>[]>(sql, [isOne ? ids[0] : ids]);
    const metadata = this.dataSource.getMetadata(Show);
    const shows = rows.map((row) => entityOfRow(metadata, row, 'show_') as Show);
    return new Map(shows.map((show) => [show.id, show]));
  }

  /** The SQL of TypeORM's `pessimistic_write`, built once per form. */
  private lockStatement(isOne: boolean, skipLocked: boolean): string {
    const kind = `${isOne} ${skipLocked}`;
    const known = this.lockStatements.get(kind);
    if (known !== undefined) return known;
    const query = this.dataSource
      .createQueryBuilder(Show, 'show')
      .where(isOne ? 'show.id = :ids' : 'show.id = ANY(:ids)', { ids: null })
      .orderBy('show.id', 'ASC')
      .setLock('pessimistic_write');
    if (skipLocked) query.setOnLocked('skip_locked');
    const [sql] = query.getQueryAndParameters();
    this.lockStatements.set(kind, sql);
    return sql;
  }
}

interface LockTimes {
  asked: number | null;
  had: number | null;
}

const NO_EVENTS: ReadonlyMap<EventType, number> = new Map();

function lockMs({ asked, had }: LockTimes): number | null {
  return asked === null ? null : (had ?? performance.now()) - asked;
}

function countEvents(work: UnitOfWork): ReadonlyMap<EventType, number> {
  const counts = new Map<EventType, number>();
  for (const { events } of work.touchedAccounts()) {
    for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

function decide(command: LedgerCommand<unknown>, work: UnitOfWork): Outcome<unknown> {
  try {
    return { kind: 'done', value: command.decide(work) };
  } catch (error) {
    if (error instanceof RunAgain) return { kind: 'again' };
    if (error instanceof DomainError) return { kind: 'refused', error };
    throw error;
  }
}

function changeOf(work: UnitOfWork, since: number): LedgerChange {
  const accounts = work.touchedAccounts();
  return {
    clock: work.clock,
    shows: accounts.map(({ show, edited }) => ({ show, edited: edited !== null })),
    bookings: accounts.flatMap(({ show, created, changed }) =>
      [...created, ...changed.keys()].map((booking) => ({ show, booking })),
    ),
    soldOut: work.soldOut(),
    since,
  };
}
