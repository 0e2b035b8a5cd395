import type { DataSource } from 'typeorm';
import type { ConnectionSettings } from './data-source.js';
import { isConflictToRetry, isDatabaseAway, isTimeout } from './database-errors.js';
import { DistantDatabase } from './distant-database.js';
import type { ReadSource } from './read-source.js';
import { messageOf, Replica, type OnReplicaChange } from './replica.js';
import { WalHistory, type WalPosition } from './wal-history.js';

export interface ReplicaSettings {
  /** `postgres://user:password@host:port/database`, each of one server. */
  urls: readonly string[];
  /** A replica that is further behind is ejected. Milliseconds. */
  maxLagMs: number;
  onChange: OnReplicaChange;
}

/** Between two measurements. Milliseconds. */
const LONGEST_PERIOD_MS = 1_000;
/** First pause between measurements while a replica has to catch up. Milliseconds. */
const SHORTEST_PERIOD_MS = 20;
/** Lags are known up to the allowed one and this much more. Milliseconds. */
const HISTORY_BEYOND_MS = 60_000;
/** Time-outs of a replica that does not answer, after which the primary is read. Milliseconds. */
const CONNECT_MS = 1_000;
const ANSWER_MS = 2_000;

const POSITION = `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text AS position`;

/**
 * Reads from the replicas in round robin, or from the primary if none is usable. The lag of each
 * replica is measured continually; one that is away or too far behind is ejected until it recovers.
 */
export class ReadReplicas implements ReadSource {
  /** Reads answered by the primary and by replicas. */
  readonly reads = { primary: 0, replica: 0 };
  private readonly replicas: Replica[];
  /** The primary on a separate connection, so that load on the pool does not delay measurements. */
  private readonly log: DistantDatabase;
  private readonly history: WalHistory;
  private readonly periodMs: number;
  private shortPeriodMs = SHORTEST_PERIOD_MS;
  /** The LSN that a replica must have replayed to be used; null until it is known. */
  private minimumLsn: WalPosition | null = null;
  private generation = 0;
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Infinity;
  private measuring: Promise<void> | null = null;
  private isClosed = false;

  /** @param connection of the primary; the replicas' differ in the URL */
  constructor(
    private readonly primary: DataSource,
    connection: ConnectionSettings,
    { urls, maxLagMs, onChange }: ReplicaSettings,
  ) {
    const quick = { ...connection, connectTimeoutMs: CONNECT_MS, answerTimeoutMs: ANSWER_MS };
    const applicationName = `${connection.applicationName} replica`;
    this.replicas = urls.map(
      (url) => new Replica({ ...quick, url, applicationName }, maxLagMs, onChange),
    );
    this.log = new DistantDatabase({
      ...quick,
      poolSize: 1,
      applicationName,
      onPoolError: () => {},
    });
    this.history = new WalHistory(maxLagMs + HISTORY_BEYOND_MS);
    this.periodMs = Math.min(LONGEST_PERIOD_MS, maxLagMs / 4);
  }

  /** Whether there are no replicas, so that the primary is always read. */
  get isEmpty(): boolean {
    return this.replicas.length === 0;
  }

  /** Starts measuring; until the first result, reads go to the primary. */
  start(): void {
    this.readYourWrites();
  }

  read<T>(work: (source: DataSource) => Promise<T>): Promise<T> {
    return this.readOr(this.primary, work);
  }

  /** The same, but reads of the primary use this DataSource. */
  withPrimary(primary: DataSource): ReadSource {
    return { read: (work) => this.readOr(primary, work) };
  }

  private async readOr<T>(
    primary: DataSource,
    work: (source: DataSource) => Promise<T>,
  ): Promise<T> {
    const replica = this.next();
    if (replica) {
      try {
        const found = await work(replica.source);
        this.reads.replica++;
        return found;
      } catch (error) {
        if (!isOfServer(error)) throw error;
        // A conflict with replay ends one statement; the next one may succeed.
        if (!isConflictToRetry(error)) replica.eject(messageOf(error));
      }
    }
    this.reads.primary++;
    return work(primary);
  }

  /**
   * From now on no replica is used until it has replayed everything that the primary has committed
   * so far. On an idle network this takes some ten milliseconds.
   */
  readYourWrites(): void {
    if (this.replicas.length === 0 || this.isClosed) return;
    this.minimumLsn = null;
    this.generation++;
    this.shortPeriodMs = SHORTEST_PERIOD_MS;
    // A running measurement schedules the next one itself.
    if (!this.measuring) this.measureIn(SHORTEST_PERIOD_MS);
  }

  /** Lag in milliseconds, Infinity when it is not known. */
  states(): { name: string; isUsable: boolean; lagMs: number }[] {
    return this.replicas.map(({ name, isUsable, lagMs }) => ({ name, isUsable, lagMs }));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.measuring;
    await Promise.all([this.log, ...this.replicas].map((server) => server.close()));
  }

  private next(): Replica | undefined {
    const { minimumLsn } = this;
    if (minimumLsn === null || this.isClosed) return undefined;
    const usable = this.replicas.filter((each) => each.isUsable && each.replayed >= minimumLsn);
    return usable[this.turn++ % usable.length];
  }

  private measureIn(delayMs: number): void {
    const dueAt = performance.now() + delayMs;
    if (dueAt >= this.dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = dueAt;
    this.timer = setTimeout(() => {
      this.dueAt = Infinity;
      this.measuring = this.measure().finally(() => {
        this.measuring = null;
        if (!this.isClosed) this.measureIn(this.untilNext());
      });
    }, delayMs).unref();
  }

  private untilNext(): number {
    const { minimumLsn, replicas } = this;
    const isWaiting = replicas.some(
      (each) => each.isUsable && (minimumLsn === null || each.replayed < minimumLsn),
    );
    if (!isWaiting) return this.periodMs;
    const delayMs = Math.min(this.shortPeriodMs, this.periodMs);
    this.shortPeriodMs *= 2;
    return delayMs;
  }

  /** Never throws. */
  private async measure(): Promise<void> {
    const { generation } = this;
    const askedAt = performance.now();
    // While the primary does not answer, the measured lag grows with the time since its last answer.
    const answer = await this.log.ask(POSITION).catch(() => null);
    if (answer) {
      const position = BigInt(answer['position']!);
      this.history.add(position, askedAt);
      // After another `readYourWrites` the primary may have committed more than this answer.
      if (generation === this.generation) this.minimumLsn ??= position;
    }
    await Promise.all(this.replicas.map((replica) => replica.measure(this.history)));
  }
}

/** Whether the server failed and not the work, so that another server can do it. */
function isOfServer(error: unknown): boolean {
  return isDatabaseAway(error) || isTimeout(error) || isConflictToRetry(error);
}
