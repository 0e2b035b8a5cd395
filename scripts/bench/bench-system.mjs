import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { run, runQuietly } from '../launcher/command.mjs';
import { EmbeddedPostgres } from '../launcher/embedded-postgres.mjs';
import { Audience, SECRET } from './audience.mjs';
import { BenchApi } from './bench-api.mjs';
import { BenchWorker } from './bench-worker.mjs';
import { cpuSeconds } from './cpu.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const DIST = join(ROOT, 'apps', 'api', 'dist');

/**
 * An installation of the bench's own: PostgreSQL as it comes (`fsync` on) and one API process in
 * production mode, with rate limits and request log, and two routes more that no installation has.
 */
export class BenchSystem {
  #folder;
  #postgres;
  #environment;
  /** The first is what the load is sent to. @type {BenchApi[]} */
  #apis = [];
  #started = 0;
  /** Ends the bench before its time. */
  signal;

  /**
   * @param {string} folder
   * @param {EmbeddedPostgres} postgres
   * @param {AbortSignal} signal
   */
  constructor(folder, postgres, signal) {
    this.#folder = folder;
    this.#postgres = postgres;
    this.signal = signal;
    this.databaseUrl = postgres.url();
    this.#environment = {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      DATABASE_URL: postgres.applicationUrl,
      JWT_SECRET: SECRET,
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      // Every buyer comes from an address of their own, as the limits expect.
      TRUST_PROXY_HOPS: '1',
      // A buyer stands for many: they come back and hold more, for as long as a run takes.
      MAX_HELD_SLOTS_PER_USER: '0',
      // All watchers come from this machine's.
      SOCKETS_PER_ADDRESS: '100000',
    };
    this.pool = new pg.Pool({ connectionString: this.databaseUrl, max: 4 });
    // A connection may still hear that the server ends; what fails meanwhile says so itself.
    this.pool.on('error', () => {});
    this.audience = new Audience(this);
  }

  /**
   * @param {AbortSignal} signal ends it before its time
   * @param {string[]} nodeArgs of the API's process, such as `--cpu-prof`
   */
  static async start(signal, nodeArgs) {
    const folder = fs.mkdtempSync(join(tmpdir(), 'modex-bench-'));
    const postgres = await startPostgres(folder, signal).catch((error) => {
      fs.rmSync(folder, { recursive: true, force: true });
      throw error;
    });
    const system = new BenchSystem(folder, postgres, signal);
    try {
      await runQuietly('The migration', process.execPath, [join(DIST, 'commands', 'migrate.js')], {
        cwd: ROOT,
        env: { ...system.#environment, DATABASE_MIGRATION_URL: system.databaseUrl },
        stop: signal,
      });
      await system.startApi(nodeArgs);
      await system.audience.gather();
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** The folder of this run's files; it is removed at the end. */
  get folder() {
    return this.#folder;
  }

  /** The API process that the load is sent to. */
  get api() {
    const [api] = this.#apis;
    if (!api) throw new Error('no API has been started');
    return api;
  }

  get url() {
    return this.api.url;
  }

  /**
   * Starts an API process, after the first one more on the same database; `stop` stops it with the
   * others, if it has not been stopped before.
   *
   * @param {string[]} [nodeArgs] of the process, such as `--cpu-prof`
   * @param {NodeJS.ProcessEnv} [settings] that differ from the first one's
   */
  async startApi(nodeArgs, settings) {
    const log = join(this.#folder, `api-${++this.#started}.log`);
    const { signal } = this;
    const environment = { ...this.#environment, ...settings };
    const api = await BenchApi.start({ environment, log, signal, nodeArgs });
    this.#apis.push(api);
    return api;
  }

  /**
   * Stops the API process that the load is sent to and starts another in its place. Processes that
   * share a database also share its broadcasts, so two of them are slower than one.
   *
   * @param {NodeJS.ProcessEnv} [settings] that differ from those of the bench
   */
  async replaceApi(settings) {
    await this.#apis.shift()?.stop();
    const api = await this.startApi([], settings);
    this.#apis = [api, ...this.#apis.filter((other) => other !== api)];
  }

  /**
   * Starts a worker process, which `stop` of what is returned stops.
   *
   * @param {NodeJS.ProcessEnv} settings what it has beside the database
   */
  async startWorker(settings) {
    const { signal } = this;
    const log = join(this.#folder, 'worker.log');
    const environment = { ...this.#environment, WORKER_PORT: '0', ...settings };
    return BenchWorker.start({ environment, log, signal });
  }

  /**
   * The buckets of the API's histogram of waits in the lanes so far.
   *
   * @returns {Promise<[bound: number, count: number][]>} seconds, and how many waited at most so long
   */
  async laneWaits() {
    const samples = await this.api.metrics();
    return samples
      .filter(({ name }) => name === 'modex_lane_wait_seconds_bucket')
      .map(({ labels: { le }, value }) => [le === '+Inf' ? Infinity : Number(le), value]);
  }

  /**
   * CPU seconds of both servers so far.
   *
   * @param {{ readonly cpu: number }} [server] the one that gets the load; left out, the API
   */
  cpu(server = this.api) {
    const lock = fs.readFileSync(join(this.#postgres.home, 'data', 'postmaster.pid'), 'utf8');
    return {
      api: server.cpu,
      postgres: cpuSeconds(Number.parseInt(lock, 10), { children: true }),
    };
  }

  /** @returns {Promise<number>} in how many shows the counters and the bookings disagree */
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
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {AbortSignal} signal
 */
async function startPostgres(folder, signal) {
  // Where root runs the bench, the server runs as somebody else, who must be able to enter.
  fs.chmodSync(folder, 0o755);
  const postgres = await EmbeddedPostgres.create({ dataDir: folder });
  try {
    await postgres.start(signal);
    return postgres;
  } catch (error) {
    await postgres.destroy();
    throw error;
  }
}
