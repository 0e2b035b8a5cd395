import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { HashingAnswer, HashingRequest } from './hashing-thread.js';

/** OWASP's minimum for argon2id, 16 to 80 ms of one core. Memory in KiB. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The thread of `HashingThread`. */
lowerPriority();
parentPort!.on('message', (request: HashingRequest) => parentPort!.postMessage(answer(request)));

function answer({ password, stored }: HashingRequest): HashingAnswer {
  try {
    return {
      result: stored === null ? hashSync(password, OPTIONS) : verifySync(stored, password),
    };
  } catch (error) {
    return { error: String(error) };
  }
}

/** Linux has a priority for each thread. Elsewhere this one keeps that of the process. */
function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A process that is as low already may not raise its thread, and some have no /proc.
  }
}
