import { setTimeout as sleep } from 'node:timers/promises';
import { HelperProcess } from './helper-process.mjs';
import { generateLoad, holdAtRate } from './load.mjs';
import { lagsOf } from './low-watermark.mjs';
import { measure } from './measure.mjs';
import { percentilesOf } from './percentiles.mjs';
import { countHits } from './reads.mjs';
import { atMost } from './report.mjs';

export const SOCKETS = 2_000;
export const HOLDS_PER_SECOND = 200;
/** Longer than the interval of broadcasts. */
const LAST_BROADCAST_MS = 2_000;
const STALENESS_RATE = 30;
const READS_PER_SECOND = 200;
/** Longer than a cache keeps what no broadcast has invalidated. */
const LAST_CHANGE_SECONDS = 6;

/**
 * @typedef {import('./main.mjs').Bench} Bench
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 */

/**
 * @param {BenchSystem} system
 * @param {{ url: string, show: string }} options
 * @returns {Promise<HelperProcess>} sockets that watch the show
 */
export async function connectSockets({ users, signal }, options) {
  const clients = new HelperProcess('socket-clients.mjs', signal);
  try {
    await clients.ask({ connect: { ...options, users: users.file, count: SOCKETS } });
    return clients;
  } catch (error) {
    await clients.stop();
    throw error;
  }
}

/** From a hold until the last of the sockets has its version, and what the sockets cost. */
export async function measureFanOut(/** @type {Bench} */ { system, seconds, add, check }) {
  const [show = ''] = await system.users.openShows(1);
  const sale = { show, rate: HOLDS_PER_SECOND, seconds: 2 * seconds };
  const alone = () => measure(system, '', async () => (await holdAtRate(system, sale)).measured);
  // Before and after, since a shared machine changes.
  const before = await alone();
  const clients = await connectSockets(system, { url: system.url, show });
  /** @type {import('./measure.mjs').Row} */
  let row;
  try {
    await holdAtRate(system, { ...sale, seconds: 2 });
    await sleep(LAST_BROADCAST_MS);
    await clients.ask({ reset: SOCKETS });
    const cpuBefore = clients.cpu;
    const name = `fan-out: ${SOCKETS.toLocaleString('en')} sockets, ${HOLDS_PER_SECOND} holds/s`;
    /** @type {import('./load-generator.mjs').Version[]} */
    let versions = [];
    row = await measure(system, name, async () => {
      const sold = await holdAtRate(system, sale);
      versions = sold.versions;
      return sold.measured;
    });
    const cores = (clients.cpu - cpuBefore) / sale.seconds;
    await sleep(LAST_BROADCAST_MS);
    const { messages, lost, resyncs, progress } = await clients.ask({});
    const { p50, p95, p99, max } = percentilesOf(lagsOf(versions, progress));
    const remark =
      `${(messages / SOCKETS / sale.seconds).toFixed(1)} messages a second and socket, ` +
      `at most ${max.toFixed(0)} ms; ${lost} sockets lost, ${resyncs} resyncs`;
    const generatorCores = Number(row.generatorCores) + cores;
    row = { ...row, p50, p95, p99, generatorCores, paced: true, remark };
  } finally {
    await clients.stop();
  }
  add(row);
  const after = await alone();
  const idle = (Number(before.apiCores) + Number(after.apiCores)) / 2;
  check(
    atMost(`hold to the last of ${SOCKETS} sockets, p99 ms`, Number(row.p99), 500),
    atMost('API CPU for the fan-out, cores', Number(row.apiCores) - idle, 0.25),
  );
}

/** From a hold until another API process on the same database answers its version. */
export async function measureStaleness(/** @type {Bench} */ { system, seconds, add, check }) {
  const [show = ''] = await system.users.openShows(1);
  const other = await system.startApi();
  try {
    const sale = { show, rate: STALENESS_RATE, seconds: 2 * seconds };
    const reading = generateLoad(system, {
      ...{ url: other.url, path: `/api/v1/shows/${show}`, read: true, remember: true },
      ...{ connections: 4, rate: READS_PER_SECOND, seconds: sale.seconds + LAST_CHANGE_SECONDS },
    });
    await holdAtRate(system, { ...sale, seconds: 2 });
    const hitRatioSince = await countHits(other, 'show');
    /** @type {import('./load-generator.mjs').Version[]} */
    let versions = [];
    const row = await measure(system, 'staleness on another instance', async () => {
      const sold = await holdAtRate(system, sale);
      versions = sold.versions;
      return sold.measured;
    });
    const reads = await reading;
    const hitRatio = await hitRatioSince();
    const seen = reads.versions.map(({ version, answeredAt }) => ({ version, at: answeredAt }));
    const { p50, p95, p99, max } = percentilesOf(lagsOf(versions, seen));
    const remark =
      `${STALENESS_RATE} holds a second; at most ${max.toFixed(0)} ms; ` +
      `${reads.hold.done.count} reads, hit ratio ${hitRatio.toFixed(4)}`;
    add({ ...row, p50, p95, p99, paced: true, remark });
    check(atMost('staleness of a counter on another instance, p99 ms', p99, 300));
  } finally {
    await other.stop();
  }
}
