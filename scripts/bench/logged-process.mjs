import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { complain } from '../launcher/terminal.mjs';

/**
 * Starts a process of an installation, which says in its log when it is ready. From then on the log
 * goes to a file, as an installation's would.
 *
 * @param {object} options
 * @param {string[]} options.args of Node, the program among them
 * @param {NodeJS.ProcessEnv} options.environment all of it
 * @param {string} options.log the file
 * @param {AbortSignal} options.signal ends the process if it is not ready yet
 * @param {string} options.ready the message that says so
 * @returns {Promise<{ pid: number, line: Record<string, unknown> }>} with the line of that message
 */
export async function startLogged({ args, environment, log, signal, ready }) {
  const child = spawn(process.execPath, args, {
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = () => child.kill();
  signal.addEventListener('abort', end);
  const lines = createInterface(child.stdout);
  const line = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${args.at(-1)} ended with ${code}`)));
    const onLine = (/** @type {string} */ text) => {
      const entry = readEntry(text);
      // Whatever else it prints is shown as its errors are.
      if (!entry) complain(text);
      if (entry?.['msg'] !== ready) return;
      lines.off('line', onLine);
      lines.close();
      child.stdout.pipe(createWriteStream(log));
      resolve(entry);
    };
    lines.on('line', onLine);
  });
  signal.removeEventListener('abort', end);
  return { pid: Number(child.pid), line };
}

/**
 * @param {string} line
 * @returns {Record<string, unknown> | null} null when it is no entry of a log
 */
function readEntry(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
