import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { run, runQuietly } from '../launcher/command.mjs';
import { EmbeddedPostgres } from '../launcher/embedded-postgres.mjs';
import { API_NODE_ARGS } from '../launcher/programs.mjs';
import { cpuSeconds } from './cpu.mjs';
import { ServerProcess } from './server-process.mjs';
import { SECRET, VirtualUsers } from './virtual-users.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const DIST = join(ROOT, 'apps', 'api', 'dist');
const WORKER = join(ROOT, 'apps', 'worker', 'dist', 'main.js');

/** PostgreSQL as it comes (`fsync` on) and one API process in production mode. */
export class BenchSystem {
  #postgres;
  #environment;
  #nodeArgs;
  /** The first gets the load. @type {ServerProcess[]} */
  #apis = [];
  #started = 0;

  /**
   * @param {string} folder of this run's files
   * @param {EmbeddedPostgres} postgres
   * @param {{ signal: AbortSignal, nodeArgs: string[] }} options
   */
  constructor(folder, postgres, { signal, nodeArgs }) {
    this.folder = folder;
    this.signal = signal;
    this.#postgres = postgres;
    this.#nodeArgs = [...API_NODE_ARGS, ...nodeArgs];
    this.databaseUrl = postgres.url();
    this.#environment = {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      DATABASE_URL: postgres.applicationUrl,
      JWT_SECRET: SECRET,
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      WORKER_PORT: '0',
      // Rate limits are on: each virtual user has an address.
      TRUST_PROXY_HOPS: '1',
      // A virtual user holds slots again and again.
      MAX_HELD_SLOTS_PER_USER: '0',
      SOCKETS_PER_ADDRESS: '100000',
    };
    // Preparing 100,000 shows takes longer than a statement of the application may.
    const options = '-c statement_timeout=0';
    this.pool = new pg.Pool({ connectionString: this.databaseUrl, max: 4, options });
    // Idle connections break when the server stops; a query that fails reports its own error.
    this.pool.on('error', () => {});
    this.users = new VirtualUsers(this);
  }

  /**
   * @param {AbortSignal} signal
   * @param {string[]} nodeArgs of API processes, such as `--cpu-prof`
   */
  static async start(signal, nodeArgs) {
    const folder = fs.mkdtempSync(join(tmpdir(), 'modex-bench-'));
    // When root runs the bench, PostgreSQL runs as another user, who must be able to enter.
    fs.chmodSync(folder, 0o755);
    const postgres = await EmbeddedPostgres.create({ dataDir: folder });
    await postgres.start(signal).catch(async (error) => {
      await postgres.destroy();
      fs.rmSync(folder, { recursive: true, force: true });
      throw error;
    });
    const system = new BenchSystem(folder, postgres, { signal, nodeArgs });
    try {
      await runQuietly('The migration', process.execPath, [join(DIST, 'commands', 'migrate.js')], {
        cwd: ROOT,
        env: { ...system.#environment, DATABASE_MIGRATION_URL: system.databaseUrl },
        stop: signal,
      });
      await system.startApi();
      await system.users.create();
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** The API process that gets the load. */
  get api() {
    const [api] = this.#apis;
    if (!api) throw new Error('no API has been started');
    return api;
  }

  get url() {
    return this.api.url;
  }

  /** @param {NodeJS.ProcessEnv} [settings] that differ from those of the bench */
  async startApi(settings) {
    const api = await ServerProcess.start({
      args: [...this.#nodeArgs, join(DIST, 'bench', 'main.js')],
      ...this.#options(settings),
      ready: 'listening',
    });
    this.#apis.push(api);
    return api;
  }

  /**
   * Stops the API process that gets the load and starts another in its place. Two processes on one
   * database also get each other's broadcasts, which makes both slower.
   *
   * @param {NodeJS.ProcessEnv} [settings] that differ from those of the bench
   */
  async replaceApi(settings) {
    await this.#apis.shift()?.stop();
    const api = await this.startApi(settings);
    this.#apis = [api, ...this.#apis.filter((other) => other !== api)];
  }

  /** @param {NodeJS.ProcessEnv} settings that differ from those of the bench */
  startWorker(settings) {
    const options = this.#options({
      WORKER_ROLES: 'relay,notifications',
      // A few customers make all bookings.
      NOTIFICATIONS_PER_RECIPIENT_PER_HOUR: '0',
      NOTIFICATIONS_PER_ACCOUNT_PER_HOUR: '0',
      ...settings,
    });
    return ServerProcess.start({ args: [WORKER], ...options, ready: 'at work' });
  }

  /** @param {NodeJS.ProcessEnv} [settings] */
  #options(settings) {
    const log = join(this.folder, `server-${++this.#started}.log`);
    return { environment: { ...this.#environment, ...settings }, log, signal: this.signal };
  }

  /** CPU seconds of PostgreSQL and its processes so far. */
  get postgresCpu() {
    const lock = fs.readFileSync(join(this.#postgres.home, 'data', 'postmaster.pid'), 'utf8');
    return cpuSeconds(Number.parseInt(lock, 10), { children: true });
  }

  /** @returns {Promise<number>} in how many shows counters and bookings disagree */
  async audit() {
    const { output } = await run(process.execPath, [join(DIST, 'commands', 'audit.js')], {
      cwd: ROOT,
      env: this.#environment,
      stop: this.signal,
    });
    const drift = /drift in (\d+)$/.exec(output)?.[1];
    if (drift === undefined) throw new Error(`The audit failed:\n${output}`);
    return Number(drift);
  }

  async stop() {
    await Promise.all(this.#apis.map((api) => api.stop()));
    await this.pool.end();
    await this.#postgres.destroy();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
