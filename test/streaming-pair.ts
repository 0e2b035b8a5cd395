import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Place } from '../scripts/cluster/place.mjs';
import { lastingPort } from '../scripts/launcher/ports.mjs';
import { eventually } from './eventually.js';
import { looksAtShows } from './looks-at-shows.js';
import { PostgresServer } from './postgres-server.js';

const DATABASE = 'modex';
/** A replica without delay has shown a commit by then. Milliseconds. */
const PROBE_MS = 100;

/** A primary with a migrated database, and a replica that replays its log. */
export class StreamingPair {
  private constructor(
    private readonly place: Place,
    readonly primary: PostgresServer,
    readonly replica: PostgresServer,
  ) {}

  /** @param programs the folder with PostgreSQL's */
  static async start(programs: string): Promise<StreamingPair> {
    const place = await Place.create();
    const primary = new PostgresServer(programs, place, 'primary', await lastingPort());
    const replica = new PostgresServer(programs, place, 'replica', await lastingPort());
    const pair = new StreamingPair(place, primary, replica);
    try {
      await primary.initialise();
      await primary.start();
      await primary.query('postgres', `CREATE DATABASE ${DATABASE}`);
      await promisify(execFile)(process.execPath, ['apps/api/dist/commands/migrate.js'], {
        env: { ...process.env, DATABASE_URL: pair.url },
      });
      await replica.copy(primary);
      await replica.start();
      return pair;
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  get url(): string {
    return this.primary.url(DATABASE);
  }

  get replicaUrl(): string {
    return this.replica.url(DATABASE);
  }

  /** Makes the replica show each commit so much later, such as `10s`; 0 for as soon as it can. */
  async delayReplay(delay: string): Promise<void> {
    await this.replica.query('postgres', `ALTER SYSTEM SET recovery_min_apply_delay = '${delay}'`);
    await this.replica.query('postgres', 'SELECT pg_reload_conf()');
    // The process that replays hears of it later than the one that was asked.
    if (delay === '0') return;
    await eventually(async () => {
      if (!(await this.isDelayed())) throw new Error('the replica replays without delay');
    });
  }

  /** Whether a commit of now is not shown yet when a moment has passed. */
  private async isDelayed(): Promise<boolean> {
    await this.primary.query(DATABASE, `SELECT pg_logical_emit_message(true, 'probe', '')`);
    const [log] = await this.primary.query<{ end: string }>(
      DATABASE,
      'SELECT pg_current_wal_lsn() AS end',
    );
    await sleep(PROBE_MS);
    const [replay] = await this.replica.query<{ isDone: boolean }>(
      DATABASE,
      `SELECT pg_last_wal_replay_lsn() >= '${log!.end}'::pg_lsn AS "isDone"`,
    );
    return !replay!.isDone;
  }

  onReplica<Row>(sql: string): Promise<Row[]> {
    return this.replica.query(DATABASE, sql);
  }

  /** How often a server looked into its table of shows, by its own count: up to ten seconds late. */
  looksAtShows(server: PostgresServer): Promise<number> {
    return looksAtShows(server.url(DATABASE));
  }

  /** Stops both and removes their data. */
  async stop(): Promise<void> {
    await this.replica.stop('immediate');
    await this.primary.stop('immediate');
    this.place.remove();
  }
}
