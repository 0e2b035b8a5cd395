import { join } from 'node:path';
import { runInOwnGroup } from './foreground.mjs';
import { prepare } from './prepare.mjs';
import { describe } from './start-error.mjs';
import { listenForStop } from './stop-signals.mjs';
import { complain } from './terminal.mjs';
import { withTestRun } from './test-run.mjs';
import { withTestServer } from './test-server.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** Tests that have a command of their own. */
const KINDS = ['long', 'cluster'];

/** @param {string[]} args of the command line */
export async function main(args) {
  const { stop, hurry } = listenForStop();
  try {
    await prepare({ root: ROOT, stop });
    const kind = KINDS.find((each) => args.includes(`--${each}`));
    const jestArgs = args.filter((arg) => arg !== `--${kind}`);
    /** @param {NodeJS.ProcessEnv} env */
    const run = (env) =>
      withTestRun(
        (own) =>
          runJest(jestArgs, {
            env: { ...env, ...own, ...(kind ? { MODEX_TEST_KIND: kind } : {}) },
            stop,
            hurry,
          }),
        hurry,
      );
    // The cluster has its own PostgreSQL.
    process.exitCode = await (kind === 'cluster' ? run(process.env) : withTestServer(run, stop));
  } catch (error) {
    if (!stop.aborted) complain(describe(error));
    process.exitCode = 1;
  }
}

/**
 * @param {string[]} args
 * @param {import('./foreground.mjs').ForegroundOptions} options
 */
function runJest(args, options) {
  return runInOwnGroup(
    process.execPath,
    [
      // Nest 12 is ES modules only, which Jest loads through this part of Node.
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join('node_modules', 'jest', 'bin', 'jest.js'),
      '--config',
      'jest.config.mjs',
      // The folder for temporary files, where Jest would put it, is gone after each run.
      `--cacheDirectory=${join('node_modules', '.cache', 'jest')}`,
      ...args,
    ],
    { ...options, cwd: ROOT },
  );
}
