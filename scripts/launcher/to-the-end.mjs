import { describe } from './start-error.mjs';
import { listenForStop } from './stop-signals.mjs';
import { complain, say, terminalIsClosed } from './terminal.mjs';

/**
 * Runs something that others start and stop, and ends this process with it: says why it failed, and
 * lets nothing that it started stay behind.
 *
 * @param {(signals: import('./stop-signals.mjs').StopSignals) => Promise<void>} work
 */
export async function toTheEnd(work) {
  const signals = listenForStop();
  let failed = false;
  /** @param {unknown} error */
  const fail = (error) => {
    failed = true;
    complain(`\n${describe(error)}`);
  };
  // Even a mistake of our own may not leave processes behind.
  process.on('uncaughtException', (error) => {
    fail(error);
    signals.abort();
  });
  try {
    await work(signals);
  } catch (error) {
    if (!signals.stop.aborted) fail(error);
  }
  if (!failed) say('Stopped.');
  if (terminalIsClosed()) {
    // Node 20 aborts in its own exit when it cannot reset a terminal that is gone: end as any
    // program ends whose terminal is closed.
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  }
  process.exit(failed ? 1 : 0);
}
