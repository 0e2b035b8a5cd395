import { spawn } from 'node:child_process';
import { recordGroup } from './group-record.mjs';
import { endGroup } from './process-group.mjs';
import { identify } from './process-identity.mjs';
import { StartError, errorCode } from './start-error.mjs';

const KEPT_OUTPUT = 1_000_000;
const SHOWN_LINES = 40;

/**
 * @typedef {object} CommandOptions
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [uid]
 * @property {number} [gid]
 * @property {string} [input]
 * @property {AbortSignal} [stop] ends the program before its time
 * @property {(pid: number) => void} [onSpawn]
 */

/**
 * Runs a program to its end in a process group of its own: a Ctrl-C in the terminal is the
 * launcher's to handle, and must not be mistaken for a failure of the program.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {CommandOptions} options
 * @returns {Promise<{ code: number | string, output: string }>} code is 0 after a success, otherwise
 *   an exit code, a signal's name, or why the program could not be run
 */
export async function run(file, args, { input = '', stop, onSpawn, ...options }) {
  stop?.throwIfAborted();
  const child = spawn(file, args, { ...options, detached: true, stdio: 'pipe' });
  recordGroup(child.pid);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-KEPT_OUTPUT)));
  }
  // A program may end without having read its input.
  child.stdin.on('error', () => undefined).end(input);
  const leader = child.pid === undefined ? null : identify(child.pid);
  if (child.pid !== undefined) onSpawn?.(child.pid);
  const end = () => leader && void endGroup(leader);
  stop?.addEventListener('abort', end);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(errorCode(error) ?? error.message));
    child.once('close', (status, signal) => resolve(signal ?? status));
  });
  stop?.removeEventListener('abort', end);
  stop?.throwIfAborted();
  return { code, output: output.trim() };
}

/**
 * Runs a program that has to succeed; what it prints is shown only when it does not.
 *
 * @param {string} what the program is in the message, such as `The compiler`
 * @param {string} file
 * @param {string[]} args
 * @param {CommandOptions} options
 */
export async function runQuietly(what, file, args, options) {
  const { code, output } = await run(file, args, options);
  if (code === 'ENOENT') throw new StartError(`${what} failed: ${file} was not found.`);
  if (code !== 0) throw new StartError(`${what} failed (${code}):\n${beginningAndEnd(output)}`);
}

/** @param {string} output */
function beginningAndEnd(output) {
  const lines = output.split('\n');
  if (lines.length <= SHOWN_LINES) return output;
  const half = SHOWN_LINES / 2;
  return [...lines.slice(0, half), '…', ...lines.slice(-half)].join('\n');
}
