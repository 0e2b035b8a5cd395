import { say } from './terminal.mjs';

// Under `npm start` one Ctrl-C arrives twice, from the terminal and passed on by npm.
const SAME_KEYSTROKE_MS = 500;

/**
 * @typedef {object} StopSignals
 * @property {AbortSignal} stop aborted by the first SIGINT, SIGTERM or SIGHUP
 * @property {AbortSignal} hurry aborted by the second: from then on nothing is waited for
 * @property {() => void} abort does as the first signal does
 */

/**
 * Turns the process's signals into two AbortSignals.
 *
 * @returns {StopSignals}
 */
export function listenForStop() {
  const stop = new AbortController();
  const hurry = new AbortController();
  let first = 0;
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(name, () => {
      if (!stop.signal.aborted) {
        first = Date.now();
        say(name === 'SIGINT' ? '\nStopping … (Ctrl-C again: at once)' : 'Stopping …');
        stop.abort();
      } else if (Date.now() - first > SAME_KEYSTROKE_MS) {
        hurry.abort();
      }
    });
  }
  return { stop: stop.signal, hurry: hurry.signal, abort: () => stop.abort() };
}
