import { setTimeout as sleep } from 'node:timers/promises';
import { RestartPolicy } from './restart-policy.mjs';
import { StartError } from './start-error.mjs';
import { complain } from './terminal.mjs';

/**
 * @typedef {object} Restartable
 * @property {string} name
 * @property {Promise<unknown>} exited settles when the process last spawned has ended
 * @property {() => void | Promise<void>} spawn
 */

/**
 * Starts a process again whenever it dies, until `over` is aborted. Rejects when that helps no more.
 *
 * @param {Restartable} service
 * @param {AbortSignal} over
 */
export async function keepRunning(service, over) {
  const policy = new RestartPolicy();
  for (;;) {
    const how = await service.exited;
    if (over.aborted) return;
    const delay = policy.died(Date.now());
    if (delay === null)
      throw new StartError(`The ${service.name} keeps dying (${how}): giving up.`);
    complain(`The ${service.name} died (${how}); it is started again in ${delay / 1000} s.`);
    await sleep(delay, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    await service.spawn();
  }
}
