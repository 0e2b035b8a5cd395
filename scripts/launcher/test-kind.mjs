import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Tests that have a command of their own. */
const KINDS = ['browser', 'long', 'cluster'];

/**
 * @typedef {object} TestKind
 * @property {string} kind of `jest.config.mjs`
 * @property {string[]} jestArgs
 * @property {boolean} needsPage
 * @property {boolean} needsServer
 */

/**
 * What a run needs, so that the tests of one package answer in seconds.
 *
 * @param {string} root the repository's folder
 * @param {string[]} args of the command line
 * @returns {TestKind}
 */
export function testKind(root, args) {
  const own = KINDS.find((each) => args.includes(`--${each}`));
  const jestArgs = args.filter((arg) => arg !== `--${own}`);
  const paths = jestArgs.filter((arg) => !arg.startsWith('-'));
  const isUnit = !own && paths.length > 0 && paths.every((path) => isBesideSources(root, path));
  const isBackend = paths.length > 0 && paths.every((path) => /^(libs|apps)\//.test(path));
  return {
    kind: own ?? (isUnit ? 'unit' : 'all'),
    jestArgs,
    needsPage: !isUnit && !isBackend,
    // A cluster has its own PostgreSQL.
    needsServer: !isUnit && own !== 'cluster',
  };
}

/**
 * @param {string} root
 * @param {string} path of a spec or a folder
 * @returns {boolean} whether all specs there stand beside the sources
 */
function isBesideSources(root, path) {
  const start = join(root, path);
  if (!existsSync(start)) return false;
  const files = statSync(start).isDirectory()
    ? readdirSync(start, { recursive: true, encoding: 'utf8' }).map((file) => join(path, file))
    : [path];
  return files
    .filter((file) => file.endsWith('.spec.ts') && !file.includes('node_modules'))
    .every((file) => file.includes('/src/'));
}
