import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endGroup } from '../launcher/process-group.mjs';
import { identify } from '../launcher/process-identity.mjs';
import { API_NODE_ARGS } from '../launcher/programs.mjs';
import { cpuSeconds } from './cpu.mjs';
import { startLogged } from './logged-process.mjs';

const PROGRAM = join(import.meta.dirname, '..', '..', 'apps', 'api', 'dist', 'bench', 'main.js');

/**
 * @typedef {{ name: string, labels: Record<string, string>, value: number }} Sample
 */

/** One API process in production mode, with the routes that only the bench has. */
export class BenchApi {
  #identity;
  #metricsUrl;

  /**
   * @param {{ pid: number, url: string, metricsPort: number }} process
   */
  constructor({ pid, url, metricsPort }) {
    this.#identity = identify(pid);
    this.#metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
    this.pid = pid;
    this.url = url;
  }

  /**
   * @param {object} options
   * @param {NodeJS.ProcessEnv} options.environment all of it
   * @param {string} options.log the file that gets what it logs
   * @param {AbortSignal} options.signal ends the process if it does not listen yet
   * @param {string[]} [options.nodeArgs] of the process, such as `--cpu-prof`
   * @returns {Promise<BenchApi>} when it listens
   */
  static async start({ environment, log, signal, nodeArgs = [] }) {
    const args = [...API_NODE_ARGS, ...nodeArgs, PROGRAM];
    const { pid, line } = await startLogged({ args, environment, log, signal, ready: 'listening' });
    return new BenchApi({
      pid,
      url: String(line['url']),
      metricsPort: Number(line['metricsPort']),
    });
  }

  /** CPU seconds so far. */
  get cpu() {
    return cpuSeconds(this.pid);
  }

  /** @returns {{ now: number, highest: number }} resident memory in MB; NaN where there is no `/proc` */
  get memory() {
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
      const read = (/** @type {string} */ field) =>
        Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1_024;
      return { now: read('VmRSS'), highest: read('VmHWM') };
    } catch {
      return { now: Number.NaN, highest: Number.NaN };
    }
  }

  /** @returns {Promise<Sample[]>} everything on its metrics page */
  async metrics() {
    const text = await (await fetch(this.#metricsUrl)).text();
    return Array.from(
      text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm),
      ([, name = '', list = '', value]) => ({
        name,
        labels: Object.fromEntries(
          Array.from(list.matchAll(/(\w+)="([^"]*)"/g), ([, label, content]) => [label, content]),
        ),
        value: Number(value),
      }),
    );
  }

  async stop() {
    if (this.#identity) await endGroup(this.#identity);
  }
}
