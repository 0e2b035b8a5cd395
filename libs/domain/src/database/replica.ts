import type { DataSource } from 'typeorm';
import type { ConnectionSettings } from './data-source.js';
import { DistantDatabase } from './distant-database.js';
import type { WalHistory, WalPosition } from './wal-history.js';

export type ReplicaState = 'in use' | 'left out';

/** Called when a replica is left out or comes back, with the reason. */
export type OnReplicaChange = (name: string, state: ReplicaState, reason: string) => void;

const POSITION = `
  SELECT CASE WHEN pg_is_in_recovery()
              THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::text
         END AS replayed`;
/** Between two looks at a replica that does not answer. Milliseconds. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;
const DEFAULT_PORT = '5432';

/** One read replica: whether it is there, and how far it has replayed the primary's log. */
export class Replica {
  /** `host:port/database`, nothing that is secret. */
  readonly name: string;
  /** Up to where it has replayed the log when it was last asked. */
  replayed: WalPosition = -1n;
  /** When it was last asked. Infinity if it did not answer. Milliseconds. */
  lagMs = Infinity;
  private state: ReplicaState | null = null;
  private readonly database: DistantDatabase;
  private losses = 0;
  private failures = 0;
  private nextLook = -Infinity;

  constructor(
    settings: ConnectionSettings,
    private readonly maxLagMs: number,
    private readonly onChange: OnReplicaChange,
  ) {
    this.name = nameOf(settings.url);
    this.database = new DistantDatabase({
      ...settings,
      // Its server may have started anew with an older state than the one that was measured.
      onPoolError: (error) => this.leaveOut(error.message),
    });
  }

  get source(): DataSource {
    return this.database.source;
  }

  get isWell(): boolean {
    return this.state === 'in use';
  }

  /** Asks the replica how far it is, and decides whether it may be read from. Never throws. */
  async measure(history: WalHistory): Promise<void> {
    if (performance.now() < this.nextLook) return;
    const { losses } = this;
    try {
      const { replayed = null } = await this.database.ask(POSITION);
      // It went away while it was asked; what it said before that is worth nothing.
      if (losses !== this.losses) return;
      this.failures = 0;
      if (replayed === null) return this.leaveOut('it is not a replica: it is not in recovery');
      this.replayed = BigInt(replayed);
      this.lagMs = history.lagMs(this.replayed, performance.now());
      if (this.lagMs > this.maxLagMs)
        this.change('left out', `it is ${inWords(this.lagMs)} behind`);
      else this.change('in use', `it is ${inWords(this.lagMs)} behind`);
    } catch (error) {
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.failures++, LONGEST_PAUSE_MS);
      this.nextLook = performance.now() + pause;
      this.leaveOut(messageOf(error));
    }
  }

  /** Until it is measured again. */
  leaveOut(reason: string): void {
    this.losses++;
    this.lagMs = Infinity;
    this.change('left out', reason);
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

/** Some errors of Node have no message but of their parts. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
