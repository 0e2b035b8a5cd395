import inspector from 'node:inspector';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../logging/logger.js';

/** Between two beats of the event loop. Milliseconds. */
export const BEAT_MS = 500;

/** What the thread is given. */
export interface WatchdogData {
  /** The number of beats, and whether a debugger is attached (1). */
  shared: SharedArrayBuffer;
  timeoutMs: number;
  /** Of the process, as its log lines have it. */
  name: string;
}

/**
 * Kills this process when its event loop has been silent for so long, so that whoever runs it starts
 * it again. A thread of its own watches, since nothing else runs while the loop is blocked. A process
 * that is frozen as a whole has to be watched from outside (`/health/live`).
 *
 * @param name of the process, such as `api`
 * @param timeoutSeconds 0: it is not watched
 */
export function watchEventLoop(name: string, timeoutSeconds: number, logger: Logger): void {
  if (timeoutSeconds === 0) return;
  const shared = new SharedArrayBuffer(8);
  const beats = new Int32Array(shared);
  const beat = () => {
    Atomics.add(beats, 0, 1);
    // At a breakpoint the loop is silent for as long as somebody looks.
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
  thread.on('error', (error) => logger.error({ err: error }, 'the event loop is not watched'));
  thread.unref();
}
