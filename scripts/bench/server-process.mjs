import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { endGroup } from '../launcher/process-group.mjs';
import { identify } from '../launcher/process-identity.mjs';
import { complain } from '../launcher/terminal.mjs';
import { cpuSeconds } from './cpu.mjs';

/** @typedef {{ name: string, labels: Record<string, string | undefined>, value: number }} Sample */

/** An API or worker process in production mode. */
export class ServerProcess {
  #identity;
  #metricsPort;

  /** @param {number} pid @param {Record<string, unknown>} line what it logged when it was ready */
  constructor(pid, line) {
    this.#identity = identify(pid);
    this.#metricsPort = line['metricsPort'];
    this.pid = pid;
    this.url = String(line['url']);
  }

  /**
   * @param {object} options
   * @param {string[]} options.args Node's, with the program
   * @param {NodeJS.ProcessEnv} options.environment
   * @param {string} options.log the file for its log
   * @param {AbortSignal} options.signal kills a process that is not ready yet
   * @param {string} options.ready the log message that says it is
   */
  static async start({ args, environment, log, signal, ready }) {
    const child = spawn(process.execPath, args, {
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const kill = () => child.kill();
    signal.addEventListener('abort', kill);
    const lines = createInterface(child.stdout);
    /** @type {Record<string, unknown>} */
    const line = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${args.at(-1)} ended with ${code}`)));
      lines.on('line', (text) => {
        if (!text.startsWith('{')) complain(text);
        else if (JSON.parse(text).msg === ready) resolve(JSON.parse(text));
      });
    });
    lines.removeAllListeners('line').close();
    child.stdout.pipe(createWriteStream(log));
    signal.removeEventListener('abort', kill);
    return new ServerProcess(Number(child.pid), line);
  }

  /** CPU seconds so far. */
  get cpu() {
    return cpuSeconds(this.pid);
  }

  /** Resident memory in MB; NaN where there is no `/proc`. */
  get memory() {
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
      const [now, highest] = ['VmRSS', 'VmHWM'].map(
        (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1_024,
      );
      return { now: Number(now), highest: Number(highest) };
    } catch {
      return { now: Number.NaN, highest: Number.NaN };
    }
  }

  /** @returns {Promise<Sample[]>} of one metric */
  async metric(/** @type {string} */ wanted) {
    const text = await (await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`)).text();
    const samples = text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm);
    return Array.from(samples, ([, name = '', list = '', value]) => {
      const labels = Array.from(list.matchAll(/(\w+)="([^"]*)"/g), ([, ...pair]) => pair);
      return { name, labels: Object.fromEntries(labels), value: Number(value) };
    }).filter(({ name }) => name === wanted);
  }

  async stop() {
    if (this.#identity) await endGroup(this.#identity);
  }
}
