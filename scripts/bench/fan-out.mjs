import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.mjs';
import { lags } from './last-to-see.mjs';
import { sellSteadily } from './load.mjs';
import { meter } from './measure.mjs';
import { percentiles } from './percentiles.mjs';

const SOCKETS = 2_000;
const HOLDS_PER_SECOND = 200;
/** Longer than any flush and its way. */
const LAST_FLUSH_MS = 2_000;

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 * @typedef {import('./measure.mjs').Row} Row
 * @typedef {import('./report.mjs').Ratio} Ratio
 */

/**
 * A hot show that thousands watch while it sells: how long until the last of them sees a hold, and
 * what they cost the API beyond the holds themselves.
 *
 * @param {BenchSystem} system
 * @param {object} options
 * @param {number} options.seconds of each row
 * @param {(row: Row) => unknown} options.add is given each row
 * @returns {Promise<Ratio[]>}
 */
export async function measureFanOut(system, { seconds, add }) {
  const [show = ''] = await system.audience.openShows(1);
  // Before and after, since the machine of one minute is not that of the next.
  const before = await sellQuietly(system, show, seconds);
  const { row, apiLoad, watcherLoad, messages, highest, lost, resyncs } = await sellToCrowd(
    system,
    show,
    seconds,
  );
  const after = await sellQuietly(system, show, seconds);
  const quiet = (before + after) / 2;
  const drift = await system.audit();
  add({
    ...row,
    drift,
    remark:
      `${messages.toFixed(1)} messages a second and socket, last socket at most ${highest.toFixed(0)} ms; ` +
      `cores: API ${apiLoad.toFixed(2)} with and ${quiet.toFixed(2)} without sockets, ` +
      `sockets' process ${watcherLoad.toFixed(2)}; ${lost} sockets lost, ${resyncs} resyncs`,
  });
  return [
    {
      name: `commit to the last of ${SOCKETS} sockets, p99 ms`,
      value: row.p99,
      side: 'at most',
      target: 500,
    },
    {
      name: 'API CPU for the fan-out, cores',
      value: apiLoad - quiet,
      side: 'at most',
      target: 0.25,
    },
  ];
}

/**
 * @param {BenchSystem} system
 * @param {string} show
 * @param {number} seconds
 * @returns {Promise<number>} the API's cores for holds that nobody watches
 */
async function sellQuietly(system, show, seconds) {
  await sleep(500);
  const { apiLoad } = await meter(system, 'quiet', async () => {
    const sale = { show, perSecond: HOLDS_PER_SECOND, seconds };
    return (await sellSteadily(system, sale)).measured;
  });
  return Number(apiLoad);
}

/**
 * @param {BenchSystem} system
 * @param {string} show
 * @param {number} seconds
 */
async function sellToCrowd(system, show, seconds) {
  const crowd = await Crowd.gather(system, { url: system.url, show, count: SOCKETS });
  try {
    // What runs for the first time is not what runs.
    await sellSteadily(system, { show, perSecond: HOLDS_PER_SECOND, seconds: 2 });
    await sleep(LAST_FLUSH_MS);
    await crowd.begin();
    const cpuBefore = crowd.cpu;
    /** @type {import('./buyers.mjs').Booked[]} */
    let booked = [];
    const row = await meter(
      system,
      `fan-out: ${SOCKETS.toLocaleString('en')} sockets, ${HOLDS_PER_SECOND} holds/s`,
      async () => {
        const sold = await sellSteadily(system, { show, perSecond: HOLDS_PER_SECOND, seconds });
        booked = sold.booked;
        return sold.measured;
      },
    );
    const watcherCpu = crowd.cpu - cpuBefore;
    await sleep(LAST_FLUSH_MS);
    const { messages, lost, resyncs, progress } = await crowd.report();
    const { p50, p95, p99, max } = percentiles(lags(booked, progress));
    const watcherLoad = watcherCpu / seconds;
    return {
      row: {
        ...row,
        ...{ p50, p95, p99 },
        paced: true,
        generatorLoad: Number(row.generatorLoad) + watcherLoad,
      },
      apiLoad: Number(row.apiLoad),
      watcherLoad,
      messages: messages / SOCKETS / seconds,
      highest: max,
      lost,
      resyncs,
    };
  } finally {
    await crowd.leave();
  }
}
