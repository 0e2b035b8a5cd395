import { setTimeout as sleep } from 'node:timers/promises';
import { HelperProcess } from './helper-process.mjs';
import { lags } from './last-to-see.mjs';
import { sellSteadily } from './load.mjs';
import { meter } from './measure.mjs';
import { percentiles } from './percentiles.mjs';
import { readsOf, showReads } from './show-reads.mjs';

const HOLDS_PER_SECOND = 30;
const POLL_EVERY_MS = 5;
/** Longer than any cache keeps what it has not heard of. */
const LAST_CHANGE_MS = 6_000;

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 * @typedef {import('./measure.mjs').Row} Row
 * @typedef {import('./report.mjs').Ratio} Ratio
 */

/**
 * Two API processes: how long after a hold at the one the other still answers the counters of
 * before.
 *
 * @param {BenchSystem} system
 * @param {object} options
 * @param {number} options.seconds
 * @param {(row: Row) => unknown} options.add is given the row
 * @returns {Promise<Ratio[]>}
 */
export async function measureStaleness(system, { seconds, add }) {
  const { audience } = system;
  const [show = ''] = await audience.openShows(1);
  const other = await system.startApi();
  const poller = new HelperProcess('poller.mjs', system.signal);
  try {
    const plan = { url: other.url, audience: audience.file, show, every: POLL_EVERY_MS };
    await poller.ask({ poll: plan });
    // Both processes and the way between them have run before.
    await sellSteadily(system, { show, perSecond: HOLDS_PER_SECOND, seconds: 2 });
    const readsBefore = await showReads(other);
    /** @type {import('./buyers.mjs').Booked[]} */
    let booked = [];
    const row = await meter(system, 'staleness on another instance', async () => {
      const sold = await sellSteadily(system, { show, perSecond: HOLDS_PER_SECOND, seconds });
      booked = sold.booked;
      return sold.measured;
    });
    await sleep(LAST_CHANGE_MS);
    const { polls, failed, progress } = await poller.ask({ end: true });
    const hitRatio = readsOf(readsBefore, await showReads(other)).show;
    const { p50, p95, p99, max } = percentiles(lags(booked, progress));
    add({
      ...row,
      ...{ p50, p95, p99 },
      paced: true,
      drift: await system.audit(),
      remark:
        `${HOLDS_PER_SECOND} holds a second; at most ${max.toFixed(0)} ms; read ${polls} times, ` +
        `${failed} failed, hit ratio ${hitRatio.toFixed(4)}`,
    });
    return [
      {
        name: 'staleness of a counter on another instance, p99 ms',
        value: p99,
        side: 'at most',
        target: 300,
      },
    ];
  } finally {
    await poller.stop();
    await other.stop();
  }
}
