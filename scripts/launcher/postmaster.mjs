import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GRACE_MS } from './process-group.mjs';
import { commandLine } from './process-identity.mjs';

/**
 * A running PostgreSQL server, as it describes itself in the file `postmaster.pid` of its data.
 *
 * @typedef {object} Postmaster
 * @property {number} pid
 * @property {number} port
 * @property {boolean} ready whether it answers yet
 */

/**
 * @param {string} data the server's data folder
 * @returns {Postmaster | null} the server that runs on this data
 */
export function runningServer(data) {
  const lines = lockFileLines(data);
  const pid = Number(lines?.[0]);
  if (!lines || !runsOn(pid, data)) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Stops the server that runs on this data, whoever started it; without one it does nothing.
 *
 * @param {string} data
 * @param {AbortSignal} [hurry]
 */
export async function stopServer(data, hurry) {
  const server = runningServer(data);
  if (!server) return;
  const folder = realpathSync(data);
  // SIGINT is PostgreSQL's "fast" shutdown, which ends sessions; SIGQUIT is "immediate", after which
  // the next start recovers from the log. Neither loses what was committed.
  signal(server.pid, 'SIGINT');
  const deadline = Date.now() + GRACE_MS;
  let immediate = false;
  while (runsOn(server.pid, folder)) {
    if (!immediate && (hurry?.aborted || Date.now() > deadline)) {
      signal(server.pid, 'SIGQUIT');
      immediate = true;
    }
    await sleep(20);
  }
}

/**
 * After a power cut the lock file names a process id that may belong to anybody by now, and
 * PostgreSQL would then refuse to start. It overlooks its parent's id, so that is written in; the
 * file stays, since from the rest of it PostgreSQL knows whether old server processes linger.
 *
 * @param {string} data
 */
export function disownStaleLock(data) {
  const lines = lockFileLines(data);
  if (!lines || runningServer(data)) return;
  writeFileSync(join(data, 'postmaster.pid'), [process.pid, ...lines.slice(1)].join('\n'));
}

/** @param {string} data */
function lockFileLines(data) {
  const file = join(data, 'postmaster.pid');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : null;
}

/**
 * @param {number} pid
 * @param {string} data
 */
function runsOn(pid, data) {
  const command = pid > 0 ? commandLine(pid) : null;
  return command !== null && command.includes(`postgres -D ${realpathSync(data)} `);
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone already.
  }
}
