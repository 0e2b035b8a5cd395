import { NOOP_PATH } from './bookings.mjs';
import { generateLoad, summarise } from './load.mjs';
import { measure, median } from './measure.mjs';
import { atLeast, atMost } from './report.mjs';

const FLOOD_RATE = 1_000;
const NEIGHBOUR_RATE = 200;

/**
 * @typedef {import('./main.mjs').Bench} Bench
 * @typedef {import('./load-generator.mjs').Plan} Plan
 * @typedef {import('./load-generator.mjs').Outcome} Outcome
 */

/** 10,000 users want 500 slots, once each. */
export async function measureSale(/** @type {Bench} */ { system, add }) {
  const shows = await system.users.openShows(1, { totalSlots: 500 });
  let remark = '';
  const row = await measure(system, 'flash sale: 10,000 users, 500 slots', async () => {
    const plan = { shows, connections: 1_000, visits: 10_000 };
    const { hold, seconds } = await generateLoad(system, plan);
    remark = `${countsOf(hold)} in ${seconds.toFixed(2)} s`;
    const { p50, p95, p99 } = hold.done.p99 > hold.other.p99 ? hold.done : hold.other;
    // Sold out is an answer, too.
    const requests = hold.done.count + hold.other.count;
    return { requests, seconds, failed: hold.shed.count, p50, p95, p99 };
  });
  add({ ...row, remark });
}

/** 2,000 users come at random within one second of the opening. */
export async function measureOpening(/** @type {Bench} */ { system, add }) {
  const opensAt = Date.now() + 6_000;
  const fields = { bookingOpensAt: new Date(opensAt).toISOString() };
  const shows = await system.users.openShows(1, fields);
  let remark = '';
  const row = await measure(system, 'opening: 2,000 users within one second', async () => {
    const load = { connections: 2_000, visits: 2_000, seconds: 1, random: true };
    const plan = { shows, startAt: opensAt + 5, ...load };
    const { hold, seconds } = await generateLoad(system, plan);
    remark = `${countsOf(hold)} in ${seconds.toFixed(2)} s`;
    return summarise(hold, seconds);
  });
  add({ ...row, remark });
}

/** The peak, five times its connections, twice its arrivals, and the recovery. */
export async function measureOverload(/** @type {Bench} */ bench) {
  const { system, seconds, floodSeconds } = bench;
  const shows = await system.users.openShows(100);
  const run = async (/** @type {string} */ name, /** @type {Partial<Plan>} */ plan) => {
    /** @type {import('./load-generator.mjs').Outcomes | undefined} */
    let outcomes;
    const row = await measure(system, name, async () => {
      const common = { shows, confirm: true, connections: 100, seconds };
      outcomes = await generateLoad(system, { ...common, ...plan });
      const [holds, confirms] = [outcomes.hold, outcomes.confirm].map((outcome) =>
        summarise(outcome, Number(outcomes?.seconds)),
      );
      const requests = Number(holds?.requests) + Number(confirms?.requests);
      const failed = Number(holds?.failed) + Number(confirms?.failed);
      return { ...summarise(outcomes.hold, outcomes.seconds), requests, failed };
    });
    if (!outcomes) throw new Error('nothing was measured');
    const { hold, confirm } = outcomes;
    const remark =
      `holds ${countsOf(hold)}, confirms ${countsOf(confirm)}; ` +
      `p99 of confirms ${confirm.done.p99.toFixed(0)} ms, of shed holds ${hold.shed.p99.toFixed(0)} ms`;
    bench.add({ ...row, remark });
    return { ...outcomes, rate: Number(row.perSecond) };
  };
  const peak = await run('peak: hold + confirm, 100 connections', {});
  const long = { seconds: floodSeconds };
  const crowd = await run('five times the connections', { connections: 500, ...long });
  // A user who holds sends two requests.
  const flood = await run('twice the arrivals', { connections: 4_000, rate: peak.rate, ...long });
  const after = await run('right after', {});
  bench.chartOverload(flood.perSecond);
  const confirms = [crowd.confirm, flood.confirm];
  const refused = confirms.map(({ shed, other }) => shed.count + other.count);
  const recovered = after.perSecond.findIndex((count) => count >= 0.9 * peak.rate);
  bench.check(
    atLeast('goodput with five times the connections ÷ peak', crowd.rate / peak.rate, 0.9),
    atLeast('goodput at twice the arrivals ÷ peak', flood.rate / peak.rate, 0.6),
    atMost('shed at twice the arrivals, p99 ms', flood.hold.shed.p99, 100),
    atMost('confirms of live holds refused in both', Math.max(...refused), 0),
    atMost('confirms in both, p99 ms', Math.max(...confirms.map(({ done }) => done.p99)), 1_000),
    atMost('seconds until 90 % of the peak', recovered < 0 ? Infinity : recovered + 1, 5),
  );
}

/**
 * Noisy neighbours: how long commands of other shows wait in their lanes, alone, beside requests
 * that cost CPU only, and beside as many on a sold-out show.
 */
export async function measureNeighbours(/** @type {Bench} */ { system, rounds, seconds, check }) {
  const [soldOut = ''] = await system.users.openShows(1, { totalSlots: 1 });
  await generateLoad(system, { shows: [soldOut], connections: 1, visits: 1 });
  const beside = async (/** @type {Partial<Plan> | null} */ flood) => {
    const before = await system.api.metric('modex_lane_wait_seconds_bucket');
    const shows = await system.users.openShows(20);
    const common = { shows: [soldOut], connections: 100, rate: FLOOD_RATE, seconds };
    await Promise.all([
      generateLoad(system, { shows, connections: 50, rate: NEIGHBOUR_RATE, seconds }),
      flood && generateLoad(system, { ...common, ...flood }),
    ]);
    const after = await system.api.metric('modex_lane_wait_seconds_bucket');
    return 1_000 * p99OfGrowth(before, after);
  };
  /** @type {{ alone: number, cpuOnly: number, sold: number }[]} */
  const found = [];
  for (let round = 1; round <= rounds; round++) {
    const [alone, cpuOnly] = [await beside(null), await beside({ path: NOOP_PATH })];
    found.push({ alone, cpuOnly, sold: await beside({}) });
  }
  const ratio = median(found.map(({ cpuOnly, sold }) => sold / cpuOnly));
  const [alone, cpuOnly, sold] = /** @type {const} */ (['alone', 'cpuOnly', 'sold']).map((name) =>
    median(found.map((waits) => waits[name])).toFixed(2),
  );
  check(
    atMost(
      `lane wait p99 of other shows beside a flood on a sold-out show (${sold} ms) ÷ ` +
        `beside one that costs CPU only (${cpuOnly} ms; alone ${alone} ms)`,
      ratio,
      1.5,
    ),
  );
}

/** @param {Outcome} outcome */
function countsOf({ statuses }) {
  return Object.entries(statuses)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
}

/**
 * @param {import('./server-process.mjs').Sample[]} before buckets of a histogram
 * @param {import('./server-process.mjs').Sample[]} after
 * @returns {number} the p99 of what was added, interpolated within its bucket
 */
function p99OfGrowth(before, after) {
  const growth = after.map(({ value }, i) => value - (before[i]?.value ?? 0));
  const bounds = after.map(({ labels }) => Number(labels['le']));
  const rank = 0.99 * Number(growth.at(-1));
  const i = growth.findIndex((count) => count >= rank);
  const [lowBound, lowCount] = [bounds[i - 1] ?? 0, growth[i - 1] ?? 0];
  const share = (rank - lowCount) / Math.max(1, Number(growth[i]) - lowCount);
  return Number.isNaN(bounds[i]) ? lowBound : lowBound + (Number(bounds[i]) - lowBound) * share;
}
