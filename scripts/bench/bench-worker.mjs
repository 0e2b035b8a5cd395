import { join } from 'node:path';
import { endGroup } from '../launcher/process-group.mjs';
import { identify } from '../launcher/process-identity.mjs';
import { cpuSeconds } from './cpu.mjs';
import { startLogged } from './logged-process.mjs';

const PROGRAM = join(import.meta.dirname, '..', '..', 'apps', 'worker', 'dist', 'main.js');

/** One worker process in production mode. */
export class BenchWorker {
  #identity;

  /** @param {number} pid */
  constructor(pid) {
    this.#identity = identify(pid);
    this.pid = pid;
  }

  /**
   * @param {object} options
   * @param {NodeJS.ProcessEnv} options.environment all of it
   * @param {string} options.log the file that gets what it logs
   * @param {AbortSignal} options.signal ends the process if it is not at work yet
   * @returns {Promise<BenchWorker>} when it is at work
   */
  static async start({ environment, log, signal }) {
    const { pid } = await startLogged({
      args: [PROGRAM],
      ready: 'at work',
      ...{ environment, log, signal },
    });
    return new BenchWorker(pid);
  }

  /** CPU seconds so far. */
  get cpu() {
    return cpuSeconds(this.pid);
  }

  async stop() {
    if (this.#identity) await endGroup(this.#identity);
  }
}
