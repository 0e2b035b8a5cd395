import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack } from './attacked-sale.js';

/** Does something so many times a second, whether or not the one before has ended. */
export function repeatedly(perSecond: number, act: () => Promise<unknown>): Attack {
  return async (signal) => {
    const begun: Promise<unknown>[] = [];
    while (!signal.aborted) {
      begun.push(act().catch(() => null));
      await sleep(1_000 / perSecond);
    }
    await Promise.all(begun);
  };
}
