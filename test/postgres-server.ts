import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { basename, join } from 'node:path';
import pg from 'pg';
import * as find from '../scripts/cluster/find-programs.mjs';
import type { Place } from '../scripts/cluster/place.mjs';
import { runQuietly } from '../scripts/launcher/command.mjs';
import { recordGroup } from '../scripts/launcher/group-record.mjs';
import { serverEnvironment } from '../scripts/launcher/server-user.mjs';
import { eventually } from './eventually.js';

const START_MS = 30_000;
export const ROLE = 'modex';

/** Why a suite that needs `findPostgres` is skipped. */
export const NO_POSTGRES = 'PostgreSQL 15 or newer with its client programs is not installed';

/** How PostgreSQL calls its ways to end: waits for nobody, or leaves recovery to the next start. */
const STOP_SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** The folder with the programs of this machine's newest PostgreSQL, or null. */
export function findPostgres(): string | null {
  return find.findPostgres(process.env) ?? null;
}

/** A PostgreSQL server on 127.0.0.1 whose processes a test may stop, freeze and start again. */
export class PostgresServer {
  private child: ChildProcess | null = null;
  private output = '';
  private readonly data: string;

  /**
   * @param programs the folder with PostgreSQL's
   * @param name of its folder in the place
   */
  constructor(
    private readonly programs: string,
    private readonly place: Place,
    name: string,
    readonly port: number,
  ) {
    this.data = join(place.folder, name);
  }

  url(database: string): string {
    return `postgres://${ROLE}@127.0.0.1:${this.port}/${database}`;
  }

  async initialise(): Promise<void> {
    await this.run('initdb', ['-D', this.data, '-U', ROLE, '--auth=trust', '-E', 'UTF8', '-N']);
  }

  /** Becomes a replica of another server as that one is now. */
  async copy(primary: PostgresServer): Promise<void> {
    const source = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', ROLE];
    await this.run('pg_basebackup', [...source, '-D', this.data, '-R', '-c', 'fast', '-N']);
  }

  /** Resolves when it lets readers in. */
  async start(): Promise<void> {
    const settings = {
      port: this.port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      shared_buffers: '32MB',
      // Long enough to start again at the position where it was stopped.
      wal_keep_size: '64MB',
      wal_retrieve_retry_interval: '200ms',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.output = '';
    const child = spawn(this.program('postgres'), ['-D', this.data, ...options], {
      ...this.asServerUser(),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    recordGroup(child.pid);
    child.on('error', (error) => (this.output += error.message));
    child.stderr.on('data', (text: Buffer) => (this.output += text.toString()));
    this.child = child;
    await eventually(async () => {
      await this.query('postgres', 'SELECT 1').catch((error: Error) => {
        throw new Error(`${error.message}: ${this.output}`);
      });
    }, START_MS);
  }

  /** Ends it and waits until it is gone. */
  async stop(mode: keyof typeof STOP_SIGNALS = 'fast'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(STOP_SIGNALS[mode]);
    this.thaw();
    await gone;
  }

  /** Comes back as a standby that follows nobody, as a primary does that was demoted. */
  async restartAsStandby(): Promise<void> {
    await this.stop();
    this.place.writeFile(join(basename(this.data), 'standby.signal'), '');
    await this.start();
  }

  /** From now on it accepts connections and says nothing, as one does whose machine hangs. */
  freeze(): void {
    // First the one that would make more of them.
    for (const pid of this.processes()) signal(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.processes()) signal(pid, 'SIGCONT');
  }

  async query<Row>(database: string, sql: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    // A server that is stopped meanwhile is what some tests want.
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  private processes(): number[] {
    const postmaster = this.child?.pid;
    if (postmaster === undefined) return [];
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
    const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
    return [
      postmaster,
      ...pairs.filter(([, parent]) => parent === postmaster).map(([pid]) => pid!),
    ];
  }

  private run(program: string, args: string[]): Promise<void> {
    return runQuietly(program, this.program(program), args, this.asServerUser());
  }

  private program(name: string): string {
    return join(this.programs, name);
  }

  private asServerUser() {
    const { folder, user } = this.place;
    return { ...user, cwd: folder, env: serverEnvironment() };
  }
}

/** Its processes come and go. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
