import { join } from 'node:path';
import { runInForeground } from './foreground.mjs';
import { prepare } from './prepare.mjs';
import { describe } from './start-error.mjs';
import { listenForStop } from './stop-signals.mjs';
import { complain } from './terminal.mjs';
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
    /** @param {NodeJS.ProcessEnv} env */
    const runJest = (env) =>
      runInForeground(
        process.execPath,
        [
          // Nest 12 is ES modules only, which Jest loads through this part of Node.
          '--experimental-vm-modules',
          '--disable-warning=ExperimentalWarning',
          join('node_modules', 'jest', 'bin', 'jest.js'),
          '--config',
          'jest.config.mjs',
          ...args.filter((arg) => arg !== `--${kind}`),
        ],
        {
          cwd: ROOT,
          env: { ...env, ...(kind ? { MODEX_TEST_KIND: kind } : {}) },
          stop,
          hurry,
        },
      );
    // The cluster has its own PostgreSQL.
    process.exitCode = await (kind === 'cluster' ? runJest(process.env) : withTestServer(runJest));
  } catch (error) {
    if (!stop.aborted) complain(describe(error));
    process.exitCode = 1;
  }
}
