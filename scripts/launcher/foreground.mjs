import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { StartError } from './start-error.mjs';

/**
 * Runs a program on this terminal. A Ctrl-C reaches it without our help; other signals are passed on.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stop: AbortSignal, hurry: AbortSignal }} options
 * @returns {Promise<number>} its exit code as a shell would tell it
 */
export function runInForeground(file, args, { cwd, env, stop, hurry }) {
  stop.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: 'inherit' });
    stop.addEventListener('abort', () => child.kill('SIGTERM'));
    hurry.addEventListener('abort', () => child.kill('SIGKILL'));
    child.once('error', (error) => reject(new StartError(`Cannot run ${file}: ${error.message}`)));
    child.once('exit', (code, signal) =>
      resolve(signal ? 128 + constants.signals[signal] : (code ?? 1)),
    );
  });
}
