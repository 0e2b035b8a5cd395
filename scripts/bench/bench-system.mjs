import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { run, runQuietly } from '../launcher/command.mjs';
import { EmbeddedPostgres } from '../launcher/embedded-postgres.mjs';
import { endGroup } from '../launcher/process-group.mjs';
import { identify } from '../launcher/process-identity.mjs';
import { API_NODE_ARGS } from '../launcher/programs.mjs';
import { Audience, SECRET } from './audience.mjs';
import { cpuSeconds } from './cpu.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const DIST = join(ROOT, 'apps', 'api', 'dist');

/**
 * An installation of the bench's own: PostgreSQL as it comes (`fsync` on) and one API process in
 * production mode, with rate limits and request log, and one route more that no installation has.
 */
export class BenchSystem {
  #folder;
  #postgres;
  #environment;
  /** @type {import('../launcher/process-identity.mjs').ProcessIdentity | null} */
  #api = null;
  #signal;
  url = '';
  #metricsPort = 0;

  /**
   * @param {string} folder
   * @param {EmbeddedPostgres} postgres
   * @param {AbortSignal} signal
   */
  constructor(folder, postgres, signal) {
    this.#folder = folder;
    this.#postgres = postgres;
    this.#signal = signal;
    this.databaseUrl = postgres.url();
    this.#environment = {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      DATABASE_URL: this.databaseUrl,
      JWT_SECRET: SECRET,
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      // Every buyer comes from an address of their own, as the limits expect.
      TRUST_PROXY_HOPS: '1',
    };
    this.pool = new pg.Pool({ connectionString: this.databaseUrl, max: 4 });
    this.audience = new Audience(this);
  }

  /**
   * @param {AbortSignal} signal ends it before its time
   * @param {string[]} nodeArgs of the API's process, such as `--cpu-prof`
   */
  static async start(signal, nodeArgs) {
    const folder = fs.mkdtempSync(join(tmpdir(), 'modex-bench-'));
    // Where root runs the bench, the server runs as somebody else, who must be able to enter.
    fs.chmodSync(folder, 0o755);
    const postgres = await EmbeddedPostgres.create({ dataDir: folder });
    await postgres.start(signal);
    const system = new BenchSystem(folder, postgres, signal);
    try {
      await runQuietly('The migration', process.execPath, [join(DIST, 'commands', 'migrate.js')], {
        cwd: ROOT,
        env: system.#environment,
        stop: signal,
      });
      await system.#startApi(nodeArgs);
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

  /**
   * The buckets of the API's histogram of waits in the lanes so far.
   *
   * @returns {Promise<[bound: number, count: number][]>} seconds, and how many waited at most so long
   */
  async laneWaits() {
    const text = await (await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`)).text();
    const lines = text.matchAll(/^modex_lane_wait_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm);
    return Array.from(lines, ([, bound, count]) => [
      bound === '+Inf' ? Infinity : Number(bound),
      Number(count),
    ]);
  }

  /** CPU seconds of both servers so far. */
  cpu() {
    const lock = fs.readFileSync(join(this.#postgres.home, 'data', 'postmaster.pid'), 'utf8');
    return {
      api: this.#api ? cpuSeconds(this.#api.pid) : Number.NaN,
      postgres: cpuSeconds(Number.parseInt(lock, 10), { children: true }),
    };
  }

  /** @returns {Promise<number>} in how many shows the counters and the bookings disagree */
  async audit() {
    const { output } = await run(process.execPath, [join(DIST, 'commands', 'audit.js')], {
      cwd: ROOT,
      env: this.#environment,
      stop: this.#signal,
    });
    const drift = /drift in (\d+)$/.exec(output)?.[1];
    if (drift === undefined) throw new Error(`The audit failed:\n${output}`);
    return Number(drift);
  }

  async stop() {
    if (this.#api) await endGroup(this.#api);
    await this.pool.end();
    await this.#postgres.destroy();
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  /** @param {string[]} nodeArgs */
  async #startApi(nodeArgs) {
    const log = fs.createWriteStream(join(this.#folder, 'api.log'));
    const child = spawn(process.execPath, [...API_NODE_ARGS, ...nodeArgs, join(DIST, 'bench.js')], {
      env: this.#environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.pid !== undefined) this.#api = identify(child.pid);
    const lines = createInterface(child.stdout);
    this.url = await new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The API ended with ${code}`)));
      const onLine = (/** @type {string} */ line) => {
        const { msg, url, metricsPort } = JSON.parse(line);
        if (msg !== 'listening') return;
        lines.off('line', onLine);
        this.#metricsPort = metricsPort;
        // From here on its log goes to a file, as an installation's would.
        lines.close();
        child.stdout.pipe(log);
        resolve(url);
      };
      lines.on('line', onLine);
    });
  }
}
