import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { WatchdogData } from './event-loop-watchdog.js';

/** Between two looks. Milliseconds. */
const LOOK_MS = 1_000;
const FATAL = 60;

const { shared, timeoutMs, name } = workerData as WatchdogData;
const beats = new Int32Array(shared);
let seen = -1;
let silentMs = 0;
let lookedAt = performance.now();

setInterval(() => {
  const now = performance.now();
  const beat = Atomics.load(beats, 0);
  const hasDebugger = Atomics.load(beats, 1) === 1;
  // Who looks late was stopped itself: the machine slept, or the whole process was frozen.
  const wasStopped = now - lookedAt > 2 * LOOK_MS;
  lookedAt = now;
  silentMs = beat === seen && !hasDebugger && !wasStopped ? silentMs + LOOK_MS : 0;
  seen = beat;
  if (silentMs >= timeoutMs) end();
}, LOOK_MS);

/** The logger is the main thread's and does nothing any more. */
function end(): void {
  const time = new Date().toISOString();
  const msg = `the event loop was silent for ${timeoutMs / 1_000} s: this process kills itself`;
  try {
    writeSync(1, `${JSON.stringify({ level: FATAL, time, name, pid: process.pid, msg })}\n`);
  } catch {
    // A pipe that is full or gone changes nothing.
  }
  process.kill(process.pid, 'SIGKILL');
}
