import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { WatchdogData } from './event-loop-watchdog.js';

/** Between two checks. Milliseconds. */
const CHECK_MS = 1_000;
const FATAL = 60;

const { shared, timeoutMs, name } = workerData as WatchdogData;
const beats = new Int32Array(shared);
let seen = -1;
let silentMs = 0;
let checkedAt = performance.now();

setInterval(() => {
  const now = performance.now();
  const beat = Atomics.load(beats, 0);
  const hasDebugger = Atomics.load(beats, 1) === 1;
  // A late check means that this thread was stopped too: a sleeping machine or a frozen process.
  const wasStopped = now - checkedAt > 2 * CHECK_MS;
  checkedAt = now;
  silentMs = beat === seen && !hasDebugger && !wasStopped ? silentMs + CHECK_MS : 0;
  seen = beat;
  if (silentMs >= timeoutMs) end();
}, CHECK_MS);

/** The logger runs in the blocked main thread, so this writes to standard output itself. */
function end(): void {
  const time = new Date().toISOString();
  const msg = `the event loop was blocked for ${timeoutMs / 1_000} s: killing this process`;
  try {
    writeSync(1, `${JSON.stringify({ level: FATAL, time, name, pid: process.pid, msg })}\n`);
  } catch {
    // A full or closed pipe must not prevent the kill.
  }
  process.kill(process.pid, 'SIGKILL');
}
