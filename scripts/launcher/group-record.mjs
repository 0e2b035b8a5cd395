import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { endGroup, signalGroup } from './process-group.mjs';
import { identify, isAlive } from './process-identity.mjs';

/** Names the file in which a test run's process groups are written down; unset outside tests. */
export const GROUP_RECORD = 'MODEX_TEST_GROUPS';

/**
 * Writes down a process group, where somebody wants to know. Whoever starts one calls it: no signal
 * to the starter reaches a group of its own, so that it would outlive an interrupted test.
 *
 * @param {number | undefined} leader the group's first process, started with `detached`; undefined
 *   where it could not be started
 */
export function recordGroup(leader) {
  const file = process.env[GROUP_RECORD];
  if (file === undefined || leader === undefined) return;
  const identity = identify(leader);
  // Several processes write at once: one short line at a time is appended whole.
  if (identity) appendFileSync(file, `${JSON.stringify(identity)}\n`);
}

/**
 * Ends every group that was written down and still lives.
 *
 * @param {string} file
 * @param {AbortSignal} [hurry]
 */
export async function endRecordedGroups(file, hurry) {
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  /** @type {import('./process-identity.mjs').ProcessIdentity[]} */
  const leaders = lines.map((line) => JSON.parse(line));
  await Promise.all(
    leaders.filter(isAlive).map(async (leader) => {
      await endGroup(leader, hurry);
      // A leader may end before those that it has started.
      signalGroup(leader.pid, 'SIGKILL');
    }),
  );
}
