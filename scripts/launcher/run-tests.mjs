import { join } from 'node:path';
import { runInOwnGroup } from './foreground.mjs';
import { prepare } from './prepare.mjs';
import { describe } from './start-error.mjs';
import { listenForStop } from './stop-signals.mjs';
import { complain } from './terminal.mjs';
import { testKind } from './test-kind.mjs';
import { withTestRun } from './test-run.mjs';
import { withTestServer } from './test-server.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** @param {string[]} args of the command line */
export async function main(args) {
  const { stop, hurry } = listenForStop();
  try {
    const { kind, jestArgs, needsPage, needsServer } = testKind(ROOT, args);
    await prepare({ root: ROOT, stop, page: needsPage });
    /** @param {NodeJS.ProcessEnv} env */
    const run = (env) =>
      withTestRun(
        (own) =>
          runJest(jestArgs, {
            env: { ...env, ...own, MODEX_TEST_KIND: kind },
            stop,
            hurry,
          }),
        hurry,
      );
    process.exitCode = await (needsServer ? withTestServer(run, stop) : run(process.env));
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
