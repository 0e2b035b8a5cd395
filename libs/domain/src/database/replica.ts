import type { DataSource } from 'typeorm';
import type { ConnectionSettings } from './data-source.js';
import { DistantDatabase } from './distant-database.js';
import type { WalHistory, WalPosition } from './wal-history.js';

export type ReplicaState = 'in use' | 'ejected';

/** Called when a replica is ejected or used again, with the reason. */
export type OnReplicaChange = (name: string, state: ReplicaState, reason: string) => void;

const POSITION = `
  SELECT CASE WHEN pg_is_in_recovery()
              THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::text
         END AS replayed`;
/** Between two measurements of a replica that does not answer. Milliseconds. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;
const DEFAULT_PORT = '5432';

/** One read replica: whether it answers, and how much of the primary's log it has replayed. */
export class Replica {
  /** `host:port/database`, without credentials. */
  readonly name: string;
  /** Its replayed position at the last measurement. */
  replayed: WalPosition = -1n;
  /** At the last measurement; Infinity if it did not answer. Milliseconds. */
  lagMs = Infinity;
  private state: ReplicaState | null = null;
  private readonly database: DistantDatabase;
  private ejections = 0;
  private failures = 0;
  private nextAttemptAt = -Infinity;

  constructor(
    settings: ConnectionSettings,
    private readonly maxLagMs: number,
    private readonly onChange: OnReplicaChange,
  ) {
    this.name = nameOf(settings.url);
    this.database = new DistantDatabase({
      ...settings,
      // The server may have restarted with an older state than the measured one.
      onPoolError: (error) => this.eject(error.message),
    });
  }

  get source(): DataSource {
    return this.database.source;
  }

  get isUsable(): boolean {
    return this.state === 'in use';
  }

  /** Measures the replica's lag, and decides whether it may be read from. Never throws. */
  async measure(history: WalHistory): Promise<void> {
    if (performance.now() < this.nextAttemptAt) return;
    const { ejections } = this;
    try {
      const { replayed = null } = await this.database.ask(POSITION);
      // It was ejected during the query, so the answer may be from before.
      if (ejections !== this.ejections) return;
      this.failures = 0;
      if (replayed === null) return this.eject('it is not a replica: it is not in recovery');
      this.replayed = BigInt(replayed);
      this.lagMs = history.lagMs(this.replayed, performance.now());
      if (this.lagMs > this.maxLagMs) this.change('ejected', `it is ${inWords(this.lagMs)} behind`);
      else this.change('in use', `it is ${inWords(this.lagMs)} behind`);
    } catch (error) {
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.failures++, LONGEST_PAUSE_MS);
      this.nextAttemptAt = performance.now() + pause;
      this.eject(messageOf(error));
    }
  }

  /** Takes the replica out of use until the next successful measurement. */
  eject(reason: string): void {
    this.ejections++;
    this.lagMs = Infinity;
    this.change('ejected', reason);
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private change(state: ReplicaState, reason: string): void {
    if (state === this.state) return;
    this.state = state;
    this.onChange(this.name, state, reason);
  }
}

function nameOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || DEFAULT_PORT}${pathname}`;
}

function inWords(lagMs: number): string {
  return lagMs === Infinity ? 'too far' : `${(lagMs / 1_000).toFixed(1)} s`;
}

/** Some of Node's AggregateErrors have a message only in their parts. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
