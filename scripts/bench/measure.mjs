import { setTimeout as sleep } from 'node:timers/promises';
import { endedChildrenCpu } from './cpu.mjs';

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 * @typedef {import('./load.mjs').Measured} Measured
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
 * @property {number} [apiCores]
 * @property {number} [postgresCores]
 * @property {number} [generatorCores]
 * @property {number} drift shows whose counters and bookings disagree after it
 * @property {boolean} [paced] whether the rate was set, so that `perSecond` says nothing
 * @property {string} [remark]
 */

/**
 * @param {BenchSystem} system
 * @param {string} name
 * @param {() => Promise<Measured>} work
 * @param {{ readonly cpu: number }} [server] whose CPU is shown as the API's
 * @returns {Promise<Row>} with the audit after it
 */
export async function measure(system, name, work, server) {
  // The row before may still have an availability broadcast to send.
  await sleep(500);
  const row = await meter(system, name, work, server);
  return { ...row, drift: await system.audit() };
}

/**
 * @param {BenchSystem} system
 * @param {string} name
 * @param {() => Promise<Measured>} work
 * @param {{ readonly cpu: number }} [server] whose CPU is shown as the API's
 * @returns {Promise<Row>} without an audit
 */
export async function meter(system, name, work, server = system.api) {
  const used = () => [server.cpu, system.postgresCpu, endedChildrenCpu()];
  const before = used();
  const { requests, seconds, failed, p50, p95, p99 } = await work();
  const [api = NaN, postgres = NaN, generator = NaN] = used().map(
    (each, i) => each - Number(before[i]),
  );
  const done = requests - failed;
  return {
    name,
    perSecond: done / seconds,
    ...{ p50, p95, p99, failed },
    apiCpu: (api / done) * 1_000,
    postgresCpu: (postgres / done) * 1_000,
    apiCores: api / seconds,
    postgresCores: postgres / seconds,
    generatorCores: generator / seconds,
    drift: 0,
  };
}

/**
 * Measures what is compared in alternation, since a shared machine changes from minute to minute.
 *
 * @param {number} rounds
 * @param {Record<string, () => Promise<Row>>} compared
 * @returns {Promise<Record<string, Row>[]>} of each round
 */
export async function alternate(rounds, compared) {
  const measured = [];
  for (let round = 1; round <= rounds; round++) {
    /** @type {Record<string, Row>} */
    const rows = {};
    for (const [name, take] of Object.entries(compared)) rows[name] = await take();
    measured.push(rows);
  }
  return measured;
}

/**
 * @param {Record<string, Row>[]} rounds
 * @returns {Row[]} of each name the row with the median rate, with the drift of all
 */
export function medianRows(rounds) {
  return Object.keys(rounds[0] ?? {}).flatMap((name) => {
    const rows = rounds.flatMap((round) => round[name] ?? []);
    const sorted = rows.toSorted((a, b) => Number(a.perSecond) - Number(b.perSecond));
    const drift = rows.reduce((sum, row) => sum + row.drift, 0);
    return sorted
      .slice(sorted.length >> 1, (sorted.length >> 1) + 1)
      .map((row) => ({ ...row, drift }));
  });
}

/**
 * @param {Record<string, Row>[]} rounds
 * @param {string} above
 * @param {string} below
 * @param {'perSecond' | 'p99'} [value]
 * @returns {number} the median of the rounds' ratios; NaN where one of the two was not measured
 */
export function medianRatio(rounds, above, below, value = 'perSecond') {
  return median(
    rounds.map((round) => Number(round[above]?.[value]) / Number(round[below]?.[value])),
  );
}

/** @param {number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
