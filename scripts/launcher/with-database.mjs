import { join } from 'node:path';
import { EmbeddedPostgres } from './embedded-postgres.mjs';
import { runInForeground } from './foreground.mjs';
import { prepare } from './prepare.mjs';
import { RunFile, currentRun } from './run-file.mjs';
import { readSettings } from './settings.mjs';
import { StartError, describe } from './start-error.mjs';
import { listenForStop } from './stop-signals.mjs';
import { complain } from './terminal.mjs';
import { withVariablesInFiles } from './variables-in-files.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** @param {string[]} command and its arguments */
export async function main(command) {
  const signals = listenForStop();
  try {
    process.exitCode = await runWithDatabase(command, signals);
  } catch (error) {
    if (!signals.stop.aborted) complain(describe(error));
    process.exitCode = 1;
  }
}

/**
 * @param {string[]} command
 * @param {import('./stop-signals.mjs').StopSignals} signals
 * @returns {Promise<number>} the command's exit code
 */
async function runWithDatabase([file, ...args], { stop, hurry }) {
  if (!file) throw new StartError('Which command? node scripts/with-database.mjs COMMAND…');
  const own = withVariablesInFiles(process.env);
  /** @param {EmbeddedPostgres} [postgres] */
  const runCommand = (postgres) => {
    const env = postgres
      ? {
          ...own,
          DATABASE_URL: postgres.applicationUrl,
          DATABASE_MIGRATION_URL: postgres.url(),
        }
      : own;
    return runInForeground(file, args, { env, stop, hurry });
  };
  if (own['DATABASE_URL']) {
    // What was built before a `git pull` knows nothing of the migrations that came with it.
    await prepare({ root: ROOT, stop, page: false });
    return runCommand();
  }

  const { dataDir } = readSettings(own, ROOT);
  if (currentRun(dataDir)) {
    const postgres = await EmbeddedPostgres.create({ dataDir });
    if (postgres.attach()) return runCommand(postgres);
    throw new StartError('Modex Booking is just starting or stopping: try again in a moment.');
  }
  const claim = await RunFile.claim(dataDir);
  try {
    await prepare({ root: ROOT, stop, page: false });
    const postgres = await EmbeddedPostgres.create({ dataDir });
    try {
      await postgres.start(stop);
      return await runCommand(postgres);
    } finally {
      await postgres.stop(hurry);
    }
  } finally {
    claim.release();
  }
}
