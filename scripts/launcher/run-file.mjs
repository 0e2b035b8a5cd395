import * as fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeLink } from './postgres-home.mjs';
import { runningServer, stopServer } from './postmaster.mjs';
import { endGroup } from './process-group.mjs';
import { identify, isAlive } from './process-identity.mjs';
import { StartError, errorCode } from './start-error.mjs';
import { say } from './terminal.mjs';

const BEING_WRITTEN_MS = 200;

/**
 * @typedef {import('./process-identity.mjs').ProcessIdentity} ProcessIdentity
 * @typedef {object} RunState
 * @property {ProcessIdentity | null} launcher
 * @property {string} [url] once it serves
 * @property {Record<string, ProcessIdentity>} children
 */

/**
 * The file `run.json` of a data folder: who uses the folder at the moment, and which processes they
 * started. It makes a second start refuse, and after a kill -9 lets the next one find what is left.
 */
export class RunFile {
  #path;
  /** @type {RunState} */
  #state;

  /**
   * @param {string} path
   * @param {RunState} state
   */
  constructor(path, state) {
    this.#path = path;
    this.#state = state;
  }

  /**
   * Makes this process the folder's only user, and stops what a killed one has left running.
   *
   * @param {string} dataDir
   */
  static async claim(dataDir) {
    fs.mkdirSync(dataDir, { recursive: true });
    const path = pathIn(dataDir);
    const run = new RunFile(path, { launcher: identify(process.pid), children: {} });
    try {
      fs.writeFileSync(path, JSON.stringify(run.#state), { flag: 'wx' });
      return run;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    // Whoever came a moment earlier may still be writing it.
    if (!read(path)) await sleep(BEING_WRITTEN_MS);
    assertUnused(dataDir);
    // Replaced before anything is stopped: the left-overs stay on record until they are gone.
    run.#state.children = read(path)?.children ?? {};
    run.#write();
    await run.#stopLeftOvers(join(homeLink(dataDir), 'data'));
    // Of two starts that both found a killed one, the later has replaced the file.
    if (read(path)?.launcher?.pid !== process.pid) assertUnused(dataDir);
    run.#state.children = {};
    run.#write();
    return run;
  }

  /**
   * @param {string} name
   * @param {number} pid
   */
  record(name, pid) {
    const child = identify(pid);
    if (child) this.#state.children[name] = child;
    this.#write();
  }

  /** @param {string} url */
  announce(url) {
    this.#state.url = url;
    this.#write();
  }

  release() {
    fs.rmSync(this.#path, { force: true });
  }

  #write() {
    // A reader sees the old state or the new one, never half of it.
    const part = `${this.#path}.${process.pid}`;
    fs.writeFileSync(part, JSON.stringify(this.#state));
    fs.renameSync(part, this.#path);
  }

  /** @param {string} data PostgreSQL's */
  async #stopLeftOvers(data) {
    const children = Object.entries(this.#state.children).filter(([, child]) => isAlive(child));
    const server = runningServer(data);
    if (children.length > 0 || server) {
      const pids = children.map(([name, { pid }]) => `${name} ${pid}`);
      if (server) pids.push(`PostgreSQL ${server.pid}`);
      say(`Stopping what an earlier start left running: ${pids.join(', ')} …`);
    }
    await Promise.all(children.map(([, child]) => endGroup(child)));
    await stopServer(data);
  }
}

/**
 * @param {string} dataDir
 * @returns {RunState | null} who uses the folder now
 */
export function currentRun(dataDir) {
  const state = read(pathIn(dataDir));
  return state?.launcher && isAlive(state.launcher) ? state : null;
}

/** @param {string} dataDir */
function assertUnused(dataDir) {
  const run = currentRun(dataDir);
  if (!run) return;
  const where = run.url ? ` at ${run.url}` : '';
  throw new StartError(
    `Modex Booking is already running${where} (process ${run.launcher?.pid}): stop that one first, or give this one a PORT and a MODEX_DATA_DIR of its own.`,
  );
}

/** @param {string} dataDir */
function pathIn(dataDir) {
  return join(dataDir, 'run.json');
}

/**
 * @param {string} path
 * @returns {RunState | null} null also for a file that a crash left unfinished
 */
function read(path) {
  try {
    return JSON.parse(fs.readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
