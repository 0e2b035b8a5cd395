import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {number} [perSecond] successes
 * @property {number} [p50] milliseconds
 * @property {number} [p95]
 * @property {number} [p99]
 * @property {number} [failed]
 * @property {number} [apiCpu] CPU seconds per 1,000 successes
 * @property {number} [postgresCpu]
 * @property {number} [apiLoad] share of one core
 * @property {number} [postgresLoad]
 * @property {number} [generatorLoad]
 * @property {number} drift shows whose counters disagree with their bookings, after the row
 * @property {boolean} [paced] whether they came at a set rate, so that `perSecond` says nothing
 * @property {string} [remark]
 */

/**
 * @param {BenchSystem} system
 * @param {string} name
 * @param {() => Promise<import('./wrk.mjs').Measured>} work
 * @param {{ readonly cpu: number }} [server] whose CPU is the API's; left out, the API that gets the load
 * @returns {Promise<Row>} what came of the work, what it cost, and the audit after it
 */
export async function measure(system, name, work, server) {
  // What the row before has left to do, such as the last flush, is not this one's.
  await sleep(500);
  const metered = await meter(system, name, work, server);
  return { ...metered, drift: await system.audit() };
}

/**
 * @param {BenchSystem} system
 * @param {string} name
 * @param {() => Promise<import('./wrk.mjs').Measured>} work
 * @param {{ readonly cpu: number }} [server] whose CPU is the API's; left out, the API that gets the load
 * @returns {Promise<Omit<Row, 'drift'>>}
 */
export async function meter(system, name, work, server) {
  const before = system.cpu(server);
  const { requests, seconds, failed, p50, p95, p99, generatorCpu } = await work();
  const after = system.cpu(server);
  const api = after.api - before.api;
  const postgres = after.postgres - before.postgres;
  const done = requests - failed;
  return {
    name,
    perSecond: done / seconds,
    ...{ p50, p95, p99, failed },
    apiCpu: (api / done) * 1_000,
    postgresCpu: (postgres / done) * 1_000,
    apiLoad: api / seconds,
    postgresLoad: postgres / seconds,
    generatorLoad: generatorCpu / seconds,
  };
}
