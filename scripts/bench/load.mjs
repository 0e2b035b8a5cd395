import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runWrk } from './wrk.mjs';

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 * @typedef {import('./wrk.mjs').Measured} Measured
 * @typedef {{ count: number, p50: number, p95: number, p99: number, max: number }} Latencies
 * @typedef {{ statuses: Record<string, number>, done: Latencies, refused: Latencies, other: Latencies }} Kind
 * @typedef {{ seconds: number, perSecond: number[], generatorCpu: number, hold: Kind, confirm: Kind, booked: import('./buyers.mjs').Booked[] }} Visits
 */

/**
 * @param {BenchSystem} system
 * @param {Omit<import('./buyers.mjs').Plan, 'url' | 'audience' | 'path'> & { url?: string, path?: string }} plan
 * @returns {Promise<Visits>}
 */
export async function sendBuyers(system, plan) {
  const { url, audience } = system;
  return runChild('buyers.mjs', system.signal, {
    url,
    audience: audience.file,
    path: '/api/v1/bookings',
    ...plan,
  });
}

/**
 * Holds on one show at a steady rate, whether or not the earlier ones have been served.
 *
 * @param {BenchSystem} system
 * @param {{ show: string, perSecond: number, seconds: number, url?: string }} sale
 * @returns {Promise<{ measured: Measured, booked: import('./buyers.mjs').Booked[] }>}
 */
export async function sellSteadily(system, { show, perSecond, ...sale }) {
  const plan = { ...sale, shows: [show], connections: 50, rate: perSecond, remember: true };
  const { hold, seconds, generatorCpu, booked } = await sendBuyers(system, plan);
  return { measured: { ...fromKind(hold), seconds, generatorCpu }, booked };
}

/** @param {Kind} kind */
export function fromKind({ done: { count, p50, p95, p99 }, refused, other }) {
  const failed = refused.count + other.count;
  return { requests: count + failed, failed, p50, p95, p99 };
}

/**
 * The original algorithm in plain SQL.
 *
 * @param {BenchSystem} system
 * @param {Omit<import('./plain-sql.mjs').Plan, 'databaseUrl' | 'users'>} plan
 * @returns {Promise<Measured>}
 */
export function runPlainSql({ databaseUrl, audience, signal }, plan) {
  const users = audience.buyers.map(({ id }) => id);
  return runChild('plain-sql.mjs', signal, { databaseUrl, users, ...plan });
}

/**
 * A closed loop by wrk, or where that is not installed by the bench's own buyers.
 *
 * @param {BenchSystem} system
 * @param {import('./wrk.mjs').Load} load
 * @param {boolean} hasWrk
 * @returns {Promise<Measured>}
 */
export async function runClosedLoop(system, load, hasWrk) {
  if (hasWrk) return runWrk(system, load);
  const { url = system.url, path, shows, mode, connections, seconds } = load;
  const confirm = mode === 'confirm';
  const visits = await sendBuyers(system, { url, path, shows, connections, seconds, confirm });
  const { hold } = visits;
  const confirmed = visits.confirm.done.count;
  return {
    requests: hold.done.count + confirmed,
    seconds: visits.seconds,
    failed: hold.refused.count + hold.other.count,
    p50: hold.done.p50,
    p95: hold.done.p95,
    p99: hold.done.p99,
    generatorCpu: visits.generatorCpu,
  };
}

/**
 * @param {string} program
 * @param {AbortSignal} signal
 * @param {object} plan
 * @returns {Promise<any>} the JSON it prints
 */
async function runChild(program, signal, plan) {
  // Ids and tokens of ten thousand do not fit into arguments.
  const child = spawn(process.execPath, [join(import.meta.dirname, program)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    signal,
  });
  child.stdin.end(JSON.stringify(plan));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve, reject) => {
    child.once('close', resolve).once('error', reject);
  });
  if (code !== 0) throw new Error(`${program} failed (${code})`);
  return JSON.parse(output);
}
