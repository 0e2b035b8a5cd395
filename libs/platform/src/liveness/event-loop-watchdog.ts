import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../logging/logger.js';

/** Between two beats of the event loop. Milliseconds. */
export const BEAT_MS = 500;

/** The thread's data. */
export interface WatchdogData {
  /** The number of beats, and whether a debugger is attached (1). */
  shared: SharedArrayBuffer;
  timeoutMs: number;
  /** Of the process, as its log lines have it. */
  name: string;
}

/**
 * Kills this process when its event loop has been blocked for so long, so that its supervisor
 * restarts it. The watchdog is a thread, since nothing else runs while the loop is blocked. A process
 * that is frozen as a whole needs a check from outside (`/health/live`).
 *
 * @param name of the process, such as `api`
 * @param timeoutSeconds 0 means no watchdog
 */
export function watchEventLoop(name: string, timeoutSeconds: number, logger: Logger): void {
  if (timeoutSeconds === 0) return;
  const shared = new SharedArrayBuffer(8);
  const beats = new Int32Array(shared);
  const beat = () => {
    Atomics.add(beats, 0, 1);
    // A breakpoint blocks the loop, too.
    Atomics.store(beats, 1, inspector.url() === undefined ? 0 : 1);
  };
  beat();
  setInterval(beat, BEAT_MS).unref();
  const workerData: WatchdogData = { shared, timeoutMs: timeoutSeconds * 1_000, name };
  const thread = new Worker(new URL('./watchdog-thread.js', import.meta.url), {
    workerData,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  });
  thread.on('error', (error) => logger.error({ err: error }, 'the event loop watchdog failed'));
  thread.unref();
}
