import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { signalGroup } from './process-group.mjs';
import { StartError } from './start-error.mjs';

/**
 * @typedef {object} ForegroundOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {AbortSignal} stop
 * @property {AbortSignal} hurry
 */

/**
 * Runs a program on this terminal. A Ctrl-C reaches it without our help; other signals are passed on.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {ForegroundOptions} options
 * @returns {Promise<number>} its exit code as a shell would tell it
 */
export function runInForeground(file, args, { cwd, env, stop, hurry }) {
  stop.throwIfAborted();
  const child = spawn(file, args, { cwd, env, stdio: 'inherit' });
  stop.addEventListener('abort', () => child.kill('SIGTERM'));
  hurry.addEventListener('abort', () => child.kill('SIGKILL'));
  return exitCode(child, file);
}

/**
 * Runs a program that prints to this terminal, in a process group of its own: signals reach all that
 * it has started, by our help alone, and what of that outlives the program is killed.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {ForegroundOptions} options
 * @returns {Promise<number>} its exit code as a shell would tell it
 */
export function runInOwnGroup(file, args, { cwd, env, stop, hurry }) {
  stop.throwIfAborted();
  const child = spawn(file, args, { cwd, env, stdio: 'inherit', detached: true });
  /** @param {NodeJS.Signals} name */
  const signal = (name) => child.pid !== undefined && signalGroup(child.pid, name);
  stop.addEventListener('abort', () => signal('SIGTERM'));
  hurry.addEventListener('abort', () => signal('SIGKILL'));
  child.once('exit', () => signal('SIGKILL'));
  return exitCode(child, file);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} file
 * @returns {Promise<number>}
 */
function exitCode(child, file) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new StartError(`Cannot run ${file}: ${error.message}`)));
    child.once('exit', (code, signal) =>
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)),
    );
  });
}
