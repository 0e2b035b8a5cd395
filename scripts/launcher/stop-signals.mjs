import { say } from './terminal.mjs';

// Under `npm start` one Ctrl-C arrives twice, from the terminal and passed on by npm.
const SAME_KEYSTROKE_MS = 500;
const PARENT_CHECK_MS = 250;

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
  /** @param {string} announcement */
  const begin = (announcement) => {
    if (stop.signal.aborted) return;
    first = Date.now();
    say(announcement);
    stop.abort();
  };
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(name, () => {
      if (stop.signal.aborted && Date.now() - first > SAME_KEYSTROKE_MS) hurry.abort();
      begin(name === 'SIGINT' ? '\nStopping … (Ctrl-C again: at once)' : 'Stopping …');
    });
  }
  if (process.env['npm_lifecycle_event']) {
    // A signal to npm itself gets no further than the shell between npm and this process.
    const parent = process.ppid;
    const check = () => process.ppid !== parent && begin('npm has ended: stopping …');
    setInterval(check, PARENT_CHECK_MS).unref();
  }
  return { stop: stop.signal, hurry: hurry.signal, abort: () => stop.abort() };
}
