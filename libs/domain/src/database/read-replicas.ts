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
  /** A replica that is further behind is left out. Milliseconds. */
  maxLagMs: number;
  onChange: OnReplicaChange;
}

/** Between two measurements. Milliseconds. */
const LONGEST_PERIOD_MS = 1_000;
/** Between two measurements while replicas are held back, at first. Milliseconds. */
const SHORTEST_PERIOD_MS = 20;
/** How far back beyond what is allowed a lag can be told. Milliseconds. */
const TOLD_BEYOND_MS = 60_000;
/** A replica that falls silent costs a reader at most so long. Milliseconds. */
const CONNECT_MS = 1_000;
const ANSWER_MS = 2_000;

const POSITION = `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text AS position`;

/**
 * Reads for people who look: from a replica that is well, the replicas taking turns, or else from
 * the primary. The lag of each is measured all the time, and those that are away or too far behind
 * are left out until they are well again.
 */
export class ReadReplicas implements ReadSource {
  /** How many reads were answered by whom. */
  readonly reads = { primary: 0, replica: 0 };
  private readonly replicas: Replica[];
  /** The primary on a connection of its own, so that a rush of readers does not delay measuring. */
  private readonly log: DistantDatabase;
  private readonly history: WalHistory;
  private readonly periodMs: number;
  private shortPeriodMs = SHORTEST_PERIOD_MS;
  /** What a replica must have replayed to be used; null while that is not known. */
  private barrier: WalPosition | null = null;
  private holdBacks = 0;
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
    this.history = new WalHistory(maxLagMs + TOLD_BEYOND_MS);
    this.periodMs = Math.min(LONGEST_PERIOD_MS, maxLagMs / 4);
  }

  /** Whether there are none, and every read is the primary's. */
  get isEmpty(): boolean {
    return this.replicas.length === 0;
  }

  /** Begins to measure; until that is done, reads go to the primary. */
  start(): void {
    this.holdBack();
  }

  read<T>(work: (source: DataSource) => Promise<T>): Promise<T> {
    return this.readOr(this.primary, work);
  }

  /** The same with connections of one's own where the primary is read. */
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
        // A conflict with what is being replayed ends one statement and says nothing of the next.
        if (!isConflictToRetry(error)) replica.leaveOut(messageOf(error));
      }
    }
    this.reads.primary++;
    return work(primary);
  }

  /**
   * From now on no replica is used until it has replayed everything that the primary has committed
   * by now. On an idle network that is a matter of some ten milliseconds.
   */
  holdBack(): void {
    if (this.replicas.length === 0 || this.isClosed) return;
    this.barrier = null;
    this.holdBacks++;
    this.shortPeriodMs = SHORTEST_PERIOD_MS;
    // While one is running, it sees to the next itself.
    if (!this.measuring) this.measureIn(SHORTEST_PERIOD_MS);
  }

  /** Lag in milliseconds, Infinity when it is not known. */
  states(): { name: string; well: boolean; lagMs: number }[] {
    return this.replicas.map(({ name, isWell, lagMs }) => ({ name, well: isWell, lagMs }));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.measuring;
    await Promise.all([this.log, ...this.replicas].map((server) => server.close()));
  }

  private next(): Replica | undefined {
    const { barrier } = this;
    if (barrier === null || this.isClosed) return undefined;
    const usable = this.replicas.filter((each) => each.isWell && each.replayed >= barrier);
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
    const { barrier, replicas } = this;
    const isWaiting = replicas.some(
      (each) => each.isWell && (barrier === null || each.replayed < barrier),
    );
    if (!isWaiting) return this.periodMs;
    const delayMs = Math.min(this.shortPeriodMs, this.periodMs);
    this.shortPeriodMs *= 2;
    return delayMs;
  }

  /** Never throws. */
  private async measure(): Promise<void> {
    const { holdBacks } = this;
    const askedAt = performance.now();
    // When the primary does not answer, what is known of it only gets older, and with it the lag.
    const answer = await this.log.ask(POSITION).catch(() => null);
    if (answer) {
      const position = BigInt(answer['position']!);
      this.history.add(position, askedAt);
      // Held back again since it was asked, it may have committed more.
      if (holdBacks === this.holdBacks) this.barrier ??= position;
    }
    await Promise.all(this.replicas.map((replica) => replica.measure(this.history)));
  }
}

/** It is the server's fault and not the work's, so another server may do it. */
function isOfServer(error: unknown): boolean {
  return isDatabaseAway(error) || isTimeout(error) || isConflictToRetry(error);
}
