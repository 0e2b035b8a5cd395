import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './command.mjs';
import { say } from './terminal.mjs';

/**
 * @typedef {object} PrepareOptions
 * @property {string} root the repository's folder
 * @property {AbortSignal} [stop]
 * @property {(pid: number) => void} [onSpawn] is told of each program that it runs
 * @property {boolean} [page] whether the browser's part is needed too (it is, unless told otherwise)
 */

/**
 * Installs what is missing and builds what is stale, so that a fresh clone and one after a
 * `git pull` start alike.
 *
 * @param {PrepareOptions} options
 */
export async function prepare({ root, stop, onSpawn, page = true }) {
  const options = { cwd: root, stop, onSpawn };
  if (packagesAreStale(root)) {
    say('Installing packages …');
    // With NODE_ENV=production in the user's shell npm would leave out the compiler.
    const args = ['ci', '--include=dev', '--include=optional'];
    await runQuietly(
      'npm ci',
      'npm',
      [...args, '--no-audit', '--no-fund', '--loglevel=error'],
      options,
    );
  }
  say('Compiling the API and the worker …');
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await runQuietly('The compiler', process.execPath, [tsc, '-b'], options);
  if (page && pageIsStale(root)) {
    say('Building the page …');
    await runQuietly(
      'The build of the page',
      'npm',
      ['run', 'build', '-w', '@modex/frontend'],
      options,
    );
  }
}

/** @param {string} root */
function packagesAreStale(root) {
  // npm writes this file when an installation is complete.
  const installed = modified(join(root, 'node_modules', '.package-lock.json'));
  return installed < modified(join(root, 'package-lock.json'));
}

/** @param {string} root */
function pageIsStale(root) {
  const built = modified(join(root, 'frontend', 'dist', 'index.html'));
  return (
    built === 0 ||
    built < modified(join(root, 'package-lock.json')) ||
    changedSince(join(root, 'frontend'), built)
  );
}

/**
 * @param {string} folder
 * @param {number} time
 * @returns {boolean} whether anything in the folder was changed, added or removed after that time
 */
function changedSince(folder, time) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return false;
    const path = join(folder, entry.name);
    // A folder's own time tells of files that were removed from it.
    return modified(path) > time || (entry.isDirectory() && changedSince(path, time));
  });
}

/** @param {string} path */
function modified(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}
