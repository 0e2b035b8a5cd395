import { join } from 'node:path';
import { builtPrograms } from './programs.mjs';
import { StartError } from './start-error.mjs';
import { runSystem } from './supervisor.mjs';
import { toTheEnd } from './to-the-end.mjs';
import { withVariablesInFiles } from './variables-in-files.mjs';

/** @param {string[]} args of the command line */
export async function main(args) {
  const root = join(import.meta.dirname, '..', '..');
  await toTheEnd(async (signals) => {
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
  });
}
