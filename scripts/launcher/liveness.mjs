import { setTimeout as sleep } from 'node:timers/promises';
import { complain } from './terminal.mjs';

/** Five answers in a row that did not come are a process that is silent for 10 s. */
const LIMITS = { answerMs: 2_000, mostSilent: 5 };
/** A wait that took so much longer was not the process's: this one was stopped itself. Milliseconds. */
const STOPPED_MS = 1_000;

/**
 * @typedef {object} Watched
 * @property {string} name
 * @property {string | null} liveUrl that it answers as long as its event loop turns; null while it is not known
 * @property {() => unknown} kill with -9
 */

/**
 * Kills a process that stands still, frozen or with a blocked event loop, so that it is started
 * again. It neither serves nor ends by itself.
 *
 * @param {Watched} watched
 * @param {AbortSignal} over
 * @param {typeof LIMITS} [limits] the longest wait for one answer, which is also the pause after one
 *   that came, and how many in a row may be missing
 */
export async function killWhenSilent(watched, over, { answerMs, mostSilent } = LIMITS) {
  let silent = 0;
  while (!over.aborted) {
    const url = watched.liveUrl;
    const isSilent = url !== null && (await isSilentAt(url, answerMs));
    if (over.aborted) return;
    silent = isSilent ? silent + 1 : 0;
    if (silent === mostSilent) {
      const seconds = (mostSilent * answerMs) / 1_000;
      complain(`The ${watched.name} has not answered for ${seconds} s: it is killed.`);
      watched.kill();
      silent = 0;
    }
    if (!isSilent) await sleep(answerMs, undefined, { signal: over }).catch(() => undefined);
  }
}

/**
 * Whether something takes the connection and then says nothing. Who refuses it is starting or gone.
 *
 * @param {string} url
 * @param {number} answerMs
 */
async function isSilentAt(url, answerMs) {
  const since = performance.now();
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(answerMs),
      // One connection for each question: a process started anew does not know the old one's.
      headers: { connection: 'close' },
    });
    await response.arrayBuffer();
    return false;
  } catch (error) {
    const { name } = /** @type {Error} */ (error);
    return name === 'TimeoutError' && performance.now() - since < answerMs + STOPPED_MS;
  }
}
