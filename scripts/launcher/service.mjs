import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordGroup } from './group-record.mjs';
import { LogFile } from './log-file.mjs';
import { logLevel, logText } from './log-line.mjs';
import { endGroup, signalGroup } from './process-group.mjs';
import { identify, isAlive } from './process-identity.mjs';
import { StartError } from './start-error.mjs';
import { complain } from './terminal.mjs';

const READY_TIMEOUT_MS = 60_000;
const LAST_LINES = 30;
const WARNING = 40;

/**
 * @typedef {object} ServiceOptions
 * @property {string} name
 * @property {string[]} args of Node
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 * @property {string} logPath gets all that it prints; the terminal gets warnings and what is worse
 * @property {string | ((port: number) => string)} [readyUrl] answers 200 when the service is ready;
 *   made from the port for operators that the service tells its parent
 * @property {(port: number) => string} [liveUrl] answers as long as the service does anything at all
 * @property {(name: string, pid: number) => void} onSpawn
 * @property {(line: string) => void} [onLine] gets each line of plain text it prints
 */

/**
 * A process that runs beside the launcher, in a group of its own: a Ctrl-C in the terminal reaches
 * the launcher alone, which then stops its services in order.
 */
export class Service {
  #options;
  #log;
  #ready = false;
  /** @type {number | null} as the process last spawned has said */
  #port = null;
  /** @type {string[]} */
  #plainErrors = [];
  /** @type {import('./process-identity.mjs').ProcessIdentity | null} */
  #identity = null;

  /** Settles, with a word on how, when the process last spawned has ended. @type {Promise<string>} */
  exited = Promise.resolve('not started');

  /** @param {ServiceOptions} options */
  constructor(options) {
    this.#options = options;
    this.#log = new LogFile(options.logPath);
  }

  get name() {
    return this.#options.name;
  }

  /** Null while it is not known. */
  get liveUrl() {
    return this.#port === null ? null : (this.#options.liveUrl?.(this.#port) ?? null);
  }

  spawn() {
    const { name, args, cwd, env, onSpawn } = this.#options;
    this.#port = null;
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...this.#channel()],
    });
    recordGroup(child.pid);
    child.once('message', (/** @type {any} */ message) => (this.#port = message.operatorsPort));
    const { stdout, stderr } = child;
    if (stdout) createInterface(stdout).on('line', (line) => this.#onLine(line, false));
    if (stderr) createInterface(stderr).on('line', (line) => this.#onLine(line, true));
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', () => child.pid && signalGroup(child.pid, 'SIGKILL'));
      child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    if (child.pid === undefined) return;
    this.#identity = identify(child.pid);
    onSpawn(name, child.pid);
  }

  /**
   * Resolves when the service answers that it is ready.
   *
   * @param {AbortSignal} stop
   */
  async becomesReady(stop) {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    let ended = '';
    void this.exited.then((how) => (ended = how));
    let answer = 'no answer';
    while (Date.now() < deadline) {
      stop.throwIfAborted();
      if (ended) throw this.#failure(`ended (${ended})`);
      answer = await this.#probe();
      if (answer === '') {
        this.#ready = true;
        this.#plainErrors.splice(0).forEach(complain);
        return;
      }
      await sleep(100);
    }
    throw this.#failure(`was not ready within ${READY_TIMEOUT_MS / 1000} s (${answer})`);
  }

  /** @param {AbortSignal} [hurry] */
  async stop(hurry) {
    if (!this.#identity) return;
    await endGroup(this.#identity, hurry);
    await this.exited;
  }

  /** With -9. What watches it starts it again. */
  kill() {
    if (this.#identity && isAlive(this.#identity)) signalGroup(this.#identity.pid, 'SIGKILL');
  }

  /** @returns {'ipc'[]} */
  #channel() {
    const { readyUrl, liveUrl } = this.#options;
    return typeof readyUrl === 'function' || liveUrl ? ['ipc'] : [];
  }

  /** @returns {Promise<string>} what is wrong, or nothing */
  async #probe() {
    const { readyUrl } = this.#options;
    if (!readyUrl) return '';
    if (typeof readyUrl !== 'string' && this.#port === null) return 'no answer';
    try {
      const url = typeof readyUrl === 'string' ? readyUrl : readyUrl(Number(this.#port));
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      const body = await response.text();
      return response.ok ? '' : `${response.status} ${body.slice(0, 500)}`;
    } catch {
      return 'no answer';
    }
  }

  /** @param {string} what */
  #failure(what) {
    const said = this.#plainErrors.splice(0).join('\n');
    // What a program says itself about its end, such as a wrong variable, needs no introduction.
    return new StartError(said || `The ${this.name} ${what}; its log is ${this.#options.logPath}`);
  }

  /**
   * @param {string} line
   * @param {boolean} isError
   */
  #onLine(line, isError) {
    this.#log.write(line);
    const { name, onLine } = this.#options;
    const level = logLevel(line);
    if (level !== null) {
      if (level < WARNING) return;
      const time = new Date().toTimeString().slice(0, 8);
      complain(`${time} ${name} ${level > WARNING ? 'error' : 'warning'}: ${logText(line)}`);
      return;
    }
    onLine?.(line);
    if (!isError) return;
    if (this.#ready) complain(line);
    else this.#plainErrors = [...this.#plainErrors, line].slice(-LAST_LINES);
  }
}
