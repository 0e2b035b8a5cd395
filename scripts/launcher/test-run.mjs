import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endRecordedGroups, GROUP_RECORD } from './group-record.mjs';

/**
 * Runs tests so that nothing of theirs stays, however they end: their temporary folders are all made
 * in one, and whatever they started in process groups of its own is written down.
 *
 * @template Result
 * @param {(env: NodeJS.ProcessEnv) => Promise<Result>} run is given the variables that the tests need
 * @param {AbortSignal} hurry
 * @returns {Promise<Result>}
 */
export async function withTestRun(run, hurry) {
  const folder = mkdtempSync(join(tmpdir(), 'modex-tests-'));
  const record = join(folder, 'groups');
  // Where root runs the tests, servers run as somebody else, who must be able to enter.
  chmodSync(folder, 0o755);
  try {
    return await run({ TMPDIR: folder, [GROUP_RECORD]: record });
  } finally {
    await endRecordedGroups(record, hurry);
    // Who was killed may write for another moment.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
