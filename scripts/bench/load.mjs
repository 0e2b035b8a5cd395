import { join } from 'node:path';
import { run } from '../launcher/command.mjs';
import { runHelper } from './helper-process.mjs';

const HOLDS = '/api/v1/bookings';

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 * @typedef {import('./load-generator.mjs').Plan} Plan
 * @typedef {import('./load-generator.mjs').Outcome} Outcome
 * @typedef {import('./load-generator.mjs').Outcomes} Outcomes
 *
 * @typedef {object} Load a closed loop: each connection sends a request when it has its answer
 * @property {string} [url] of the server; left out, the API's
 * @property {'read' | 'hold' | 'keyed' | 'confirm'} [mode] keyed: with idempotency keys; confirm:
 *   each hold is confirmed
 * @property {string} [path] of holds
 * @property {string[]} targets shows, or the paths to read
 * @property {number} connections
 * @property {number} seconds
 *
 * @typedef {object} Measured
 * @property {number} requests answered
 * @property {number} seconds
 * @property {number} failed answers that are not 2xx, and broken connections
 * @property {number} p50 milliseconds
 * @property {number} p95
 * @property {number} p99
 */

/** @param {BenchSystem} system @param {Load} load @returns {Promise<Measured>} */
export async function runWrk({ url, users, signal }, load) {
  const { mode = 'hold', path = HOLDS, targets, connections, seconds } = load;
  const { output } = await run(
    'wrk',
    [
      ...['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s'],
      ...['-s', join(import.meta.dirname, 'wrk.lua'), load.url ?? url, '--'],
      ...[users.file, mode, path, targets.join()],
    ],
    { cwd: import.meta.dirname, stop: signal },
  );
  const result = /^RESULT (.*)$/m.exec(output)?.[1];
  if (!result) throw new Error(`wrk failed:\n${output}`);
  return JSON.parse(result);
}

/**
 * A closed loop without wrk: slower, hence only where wrk is not installed.
 *
 * @param {BenchSystem} system
 * @param {Load} load
 * @returns {Promise<Measured>}
 */
export async function runClosedLoop(system, { targets, mode, ...load }) {
  const plan = { ...load, shows: targets, confirm: mode === 'confirm' };
  const { hold, confirm, seconds } = await generateLoad(system, plan);
  const measured = summarise(hold, seconds);
  return { ...measured, requests: measured.requests + confirm.done.count };
}

/**
 * Load that wrk cannot generate: at a set rate, each user once, or with other requests after holds.
 *
 * @param {BenchSystem} system
 * @param {Partial<Plan>} plan
 * @returns {Promise<Outcomes>}
 */
export function generateLoad({ url, users, signal }, plan) {
  const defaults = { url, users: users.file, path: HOLDS, shows: [] };
  return runHelper('load-generator.mjs', signal, { ...defaults, ...plan });
}

/**
 * An open loop of holds on one show.
 *
 * @param {BenchSystem} system
 * @param {{ show: string, rate: number, seconds: number, url?: string }} options
 */
export async function holdAtRate(system, { show, ...options }) {
  const plan = { ...options, shows: [show], connections: 50, remember: true };
  const { hold, seconds, versions } = await generateLoad(system, plan);
  return { measured: summarise(hold, seconds), versions };
}

/** @param {Outcome} outcome @param {number} seconds @returns {Measured} */
export function summarise({ done: { count, p50, p95, p99 }, shed, other }, seconds) {
  const failed = shed.count + other.count;
  return { requests: count + failed, seconds, failed, p50, p95, p99 };
}
