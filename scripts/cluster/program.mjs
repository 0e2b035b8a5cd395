import { spawn } from 'node:child_process';
import { chownSync, closeSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordGroup } from '../launcher/group-record.mjs';
import { endGroup, signalGroup } from '../launcher/process-group.mjs';
import { openPrivately } from '../launcher/private-files.mjs';
import { identify, isAlive } from '../launcher/process-identity.mjs';
import { StartError } from '../launcher/start-error.mjs';

const READY_MS = 60_000;
const ASK_EVERY_MS = 50;
const SHOWN_LINES = 20;

/**
 * @typedef {object} ProgramOptions
 * @property {string} name
 * @property {string} file
 * @property {string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env]
 * @property {import('../launcher/server-user.mjs').ServerUser} [user] who it runs as
 * @property {string} logPath gets all that it prints
 * @property {() => Promise<unknown>} isReady rejects until it answers
 * @property {NodeJS.Signals} [stopSignal] by which it ends in order; SIGTERM unless told otherwise
 * @property {(name: string, pid: number) => void} [onSpawn]
 */

/**
 * One program of the cluster, in a process group of its own: it is started, stopped in order,
 * killed as by a power cut, and started again with what it has stored.
 */
export class Program {
  #options;
  /** @type {import('../launcher/process-identity.mjs').ProcessIdentity | null} */
  #identity = null;

  /** Settles, with a word on how, when the process last started has ended. @type {Promise<string>} */
  exited = Promise.resolve('not started');

  /** @param {ProgramOptions} options */
  constructor(options) {
    this.#options = options;
  }

  get name() {
    return this.#options.name;
  }

  /** Where all that it prints is found. */
  get logPath() {
    return this.#options.logPath;
  }

  get isRunning() {
    return this.#identity !== null && isAlive(this.#identity);
  }

  /**
   * Starts it, and resolves when it answers. Who has been stopped already starts nothing.
   *
   * @param {AbortSignal} [stop]
   */
  async start(stop) {
    stop?.throwIfAborted();
    this.spawn();
    await this.becomesReady(stop);
  }

  spawn() {
    const { name, file, args, cwd, env, user = {}, onSpawn } = this.#options;
    const log = this.#openLog();
    const child = spawn(file, args, {
      ...user,
      cwd,
      env,
      detached: true,
      stdio: ['ignore', log, log],
    });
    recordGroup(child.pid);
    closeSync(log);
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => {
        if (child.pid) signalGroup(child.pid, 'SIGKILL');
        resolve(signal ?? `exit code ${code}`);
      });
    });
    if (child.pid === undefined) return;
    this.#identity = identify(child.pid);
    onSpawn?.(name, child.pid);
  }

  /** @param {AbortSignal} [stop] */
  async becomesReady(stop) {
    const deadline = Date.now() + READY_MS;
    let ended = '';
    void this.exited.then((how) => (ended = how));
    for (;;) {
      stop?.throwIfAborted();
      const trouble = await this.#options.isReady().then(() => '', String);
      // What answers then is another program, which has its port.
      if (ended) throw this.#failure(`ended (${ended})`);
      if (!trouble) return;
      if (Date.now() > deadline) throw this.#failure(`did not answer in time (${trouble})`);
      await sleep(ASK_EVERY_MS);
    }
  }

  /**
   * Lets it end in order, and kills it when it takes too long.
   *
   * @param {AbortSignal} [hurry]
   */
  async stop(hurry) {
    if (!this.#identity) return;
    if (this.#options.stopSignal) this.signal(this.#options.stopSignal);
    await endGroup(this.#identity, hurry, this.#options.stopSignal === undefined);
    await this.exited;
  }

  /** With -9, it and all that it has started: as if the power were cut. */
  async kill() {
    if (!this.#identity || !this.isRunning) return;
    signalGroup(this.#identity.pid, 'SIGKILL');
    await this.exited;
  }

  /**
   * Sends a signal to the process itself.
   *
   * @param {NodeJS.Signals} signal
   */
  signal(signal) {
    if (this.#identity && this.isRunning) process.kill(this.#identity.pid, signal);
  }

  #openLog() {
    const { logPath, user = {} } = this.#options;
    const log = openPrivately(logPath);
    // Some open it again by the name of their standard output.
    if (user.uid !== undefined && user.gid !== undefined) chownSync(logPath, user.uid, user.gid);
    return log;
  }

  /** @param {string} what */
  #failure(what) {
    const { logPath } = this.#options;
    const last = readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES);
    return new StartError(`The ${this.name} ${what}; its log ends with:\n${last.join('\n')}`);
  }
}
