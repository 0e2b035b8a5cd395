import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runWrk } from './wrk.mjs';

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 * @typedef {import('./wrk.mjs').Measured} Measured
 * @typedef {{ count: number, p50: number, p95: number, p99: number, max: number }} Latencies
 * @typedef {{ statuses: Record<string, number>, done: Latencies, refused: Latencies, other: Latencies }} Kind
 * @typedef {{ seconds: number, perSecond: number[], generatorCpu: number, hold: Kind, confirm: Kind }} Visits
 */

/**
 * @param {BenchSystem} system
 * @param {Omit<import('./buyers.mjs').Plan, 'url' | 'audience' | 'path'> & { path?: string }} plan
 * @returns {Promise<Visits>}
 */
export async function sendBuyers(system, plan) {
  const { url, audience } = system;
  return runChild('buyers.mjs', {
    url,
    audience: audience.file,
    path: '/api/v1/bookings',
    ...plan,
  });
}

/**
 * The original algorithm in plain SQL.
 *
 * @param {BenchSystem} system
 * @param {Omit<import('./plain-sql.mjs').Plan, 'databaseUrl' | 'users'>} plan
 * @returns {Promise<Measured>}
 */
export function runPlainSql({ databaseUrl, audience }, plan) {
  const users = audience.buyers.map(({ id }) => id);
  return runChild('plain-sql.mjs', { databaseUrl, users, ...plan });
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
  const { path, shows, mode, connections, seconds } = load;
  const confirm = mode === 'confirm';
  const visits = await sendBuyers(system, { path, shows, connections, seconds, confirm });
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
 * @param {object} plan
 * @returns {Promise<any>} the JSON it prints
 */
async function runChild(program, plan) {
  // Ids and tokens of ten thousand do not fit into arguments.
  const child = spawn(process.execPath, [join(import.meta.dirname, program)], {
    stdio: ['pipe', 'pipe', 'inherit'],
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
