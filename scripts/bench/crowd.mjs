import { HelperProcess } from './helper-process.mjs';

/** Fewer than an API process accepts in a second. */
const CONNECTIONS_PER_SECOND = 400;
/** Files that a process has open for other things than those it serves. */
const OTHER_FILES = 200;

/**
 * @typedef {object} Seen
 * @property {number} seconds
 * @property {number} messages of all of them together
 * @property {number} resyncs
 * @property {number} lost sockets that were closed by the server
 * @property {{ version: number, at: number }[]} progress since when all have seen which version
 */

/** Many sockets that watch one show, in a process of their own. */
export class Crowd {
  #process;

  /** @param {HelperProcess} process */
  constructor(process) {
    this.#process = process;
  }

  /**
   * @param {import('./bench-system.mjs').BenchSystem} system
   * @param {{ url: string, show: string, count: number }} options
   * @returns {Promise<Crowd>} when all of them watch
   */
  static async gather({ audience, signal }, { url, show, count }) {
    requireDescriptors(count + OTHER_FILES);
    const process = new HelperProcess('watchers.mjs', signal);
    const perSecond = CONNECTIONS_PER_SECOND;
    try {
      await process.ask({ connect: { url, audience: audience.file, show, count, perSecond } });
    } catch (error) {
      await process.stop();
      throw error;
    }
    return new Crowd(process);
  }

  get cpu() {
    return this.#process.cpu;
  }

  /** From here on it counts what is seen. */
  async begin() {
    await this.#process.ask({ begin: true });
  }

  /** @returns {Promise<Seen>} since it began */
  report() {
    return this.#process.ask({ report: true });
  }

  async leave() {
    await this.#process.stop();
  }
}

/**
 * Node raises the soft limit to the hard one by itself, in every process of the bench.
 *
 * @param {number} count
 */
function requireDescriptors(count) {
  const report = /** @type {{ userLimits?: { open_files: { hard: number | string } } }} */ (
    process.report.getReport()
  );
  // Windows has no such limit, and elsewhere there may be none.
  const hard = Number(report.userLimits?.open_files.hard);
  if (!(hard < count)) return;
  throw new Error(
    `A process may have ${hard} files open here, and ${count} are needed for the sockets: raise the hard limit (ulimit -Hn).`,
  );
}
