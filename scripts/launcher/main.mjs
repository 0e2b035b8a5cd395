import { join } from 'node:path';
import { builtPrograms } from './programs.mjs';
import { StartError, describe } from './start-error.mjs';
import { listenForStop } from './stop-signals.mjs';
import { runSystem } from './supervisor.mjs';
import { complain, say, terminalIsClosed } from './terminal.mjs';
import { withVariablesInFiles } from './variables-in-files.mjs';

/** @param {string[]} args of the command line */
export async function main(args) {
  const root = join(import.meta.dirname, '..', '..');
  const signals = listenForStop();
  let failed = false;
  /** @param {unknown} error */
  const fail = (error) => {
    failed = true;
    complain(`\n${describe(error)}`);
  };
  // Even a mistake of the launcher's own may not leave processes behind.
  process.on('uncaughtException', (error) => {
    fail(error);
    signals.abort();
  });
  try {
    if (process.platform === 'win32') {
      throw new StartError('Modex Booking starts on Linux and macOS: on Windows, use WSL.');
    }
    const unknown = args.filter((arg) => arg !== '--dev');
    if (unknown.length > 0) throw new StartError(`There is no option ${unknown.join(' ')}.`);
    await runSystem({
      root,
      env: withVariablesInFiles(process.env),
      dev: args.includes('--dev'),
      programs: builtPrograms(root),
      ...signals,
    });
  } catch (error) {
    if (!signals.stop.aborted) fail(error);
  }
  if (!failed) say('Stopped.');
  if (terminalIsClosed()) {
    // Node 20 aborts in its own exit when it cannot reset a terminal that is gone: end as any
    // program ends whose terminal is closed.
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  }
  process.exit(failed ? 1 : 0);
}
