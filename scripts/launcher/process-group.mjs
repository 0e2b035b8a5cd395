import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './process-identity.mjs';

/** How long a process may take to finish what it has in flight. */
export const GRACE_MS = 10_000;

/**
 * @param {number} leader the group's first process, started with `detached`
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(leader, signal) {
  try {
    process.kill(-leader, signal);
  } catch {
    // It has gone already.
  }
}

/**
 * Asks a group to end, and kills it when it has not ended in time or somebody is in a hurry.
 *
 * @param {import('./process-identity.mjs').ProcessIdentity} leader
 * @param {AbortSignal} [hurry]
 * @param {boolean} [ask] false where its leader has been asked in a way of its own
 */
export async function endGroup(leader, hurry, ask = true) {
  if (!isAlive(leader)) return;
  if (ask) signalGroup(leader.pid, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  while (isAlive(leader)) {
    if (hurry?.aborted || Date.now() > deadline) {
      signalGroup(leader.pid, 'SIGKILL');
      // Killed is not yet gone: a port or a file may still be held for a moment.
      for (let i = 0; i < 100 && isAlive(leader); i++) await sleep(20);
      return;
    }
    await sleep(20);
  }
}
