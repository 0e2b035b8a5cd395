import { fromKind, runClosedLoop, runPlainSql, sendBuyers } from './load.mjs';
import { measure } from './measure.mjs';

const CONNECTIONS = 100;
const PLAIN_CONNECTIONS = 20;
const MANY_SHOWS = 100;
const WARM_UP_SECONDS = 6;
const CEILING = '/api/v1/bench/noop';
/** Requests per second. */
const FLOOD_RATE = 1_000;
const NEIGHBOUR_RATE = 200;
const HOLDS = '/api/v1/bookings';

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 */

/** The rows of the bench. Each opens shows of its own, and is followed by the audit. */
export class Rows {
  #system;
  #hasWrk;
  #seconds;

  /**
   * @param {BenchSystem} system
   * @param {{ hasWrk: boolean, seconds: number }} options
   */
  constructor(system, { hasWrk, seconds }) {
    this.#system = system;
    this.#hasWrk = hasWrk;
    this.#seconds = seconds;
  }

  /** What the same request costs when the engine costs nothing. */
  ceiling() {
    return this.#closedLoop('HTTP ceiling', 1, { path: CEILING });
  }

  hot() {
    return this.#closedLoop('holds, one hot show', 1);
  }

  /** Holds of accounts that are limited in what they hold, and hold nothing yet. */
  async limited() {
    await this.#replaceApi({ MAX_HELD_SLOTS_PER_USER: '20' });
    await this.#system.audience.gather();
    const row = await this.#closedLoop('holds with limits for accounts, one hot show', 1);
    await this.#replaceApi();
    return row;
  }

  spread() {
    return this.#closedLoop(`holds, ${MANY_SHOWS} shows`, MANY_SHOWS);
  }

  keyed() {
    return this.#closedLoop('holds with idempotency keys, one hot show', 1, { mode: 'keyed' });
  }

  /** Either request counts. */
  confirmed() {
    return this.#closedLoop('hold + confirm, one hot show', 1, { mode: 'confirm' });
  }

  plainHot() {
    return this.#plain('plain SQL, one hot show', 1);
  }

  plainSpread() {
    return this.#plain(`plain SQL, ${MANY_SHOWS} shows`, MANY_SHOWS);
  }

  /** One after another on an idle system. */
  async lonely() {
    const shows = await this.#system.audience.openShows(1);
    const visits = 500;
    return measure(this.#system, 'one hold at a time', async () => {
      const { hold, seconds, generatorCpu } = await sendBuyers(this.#system, {
        shows,
        connections: 1,
        visits,
      });
      return { ...fromKind(hold), seconds, generatorCpu };
    });
  }

  async lonelyPlain() {
    const shows = await this.#system.audience.openShows(1);
    return measure(this.#system, 'one plain SQL transaction at a time', () =>
      runPlainSql(this.#system, { shows, connections: 1, bookings: 500 }),
    );
  }

  /** 10,000 buyers on 500 slots, each once, until the last answer. */
  async flashSale() {
    const [show = ''] = await this.#system.audience.openShows(1, { totalSlots: 500 });
    let remark = '';
    const row = await measure(this.#system, 'flash sale: 10,000 buyers, 500 slots', async () => {
      const { hold, seconds, generatorCpu } = await sendBuyers(this.#system, {
        shows: [show],
        connections: 1_000,
        visits: 10_000,
      });
      const { p50, p95, p99 } = slower(hold.done, hold.other);
      const answered = hold.done.count + hold.other.count;
      remark = `${describe(hold.statuses)} in ${seconds.toFixed(2)} s`;
      return {
        requests: answered,
        seconds,
        failed: hold.refused.count,
        p50,
        p95,
        p99,
        generatorCpu,
      };
    });
    return { ...row, remark };
  }

  /** 2,000 wait for the opening and fire within one second of it. */
  async opening() {
    const opensAt = Date.now() + 6_000;
    const shows = await this.#system.audience.openShows(1, {
      bookingOpensAt: new Date(opensAt).toISOString(),
    });
    let remark = '';
    const row = await measure(this.#system, 'opening: 2,000 within one second', async () => {
      const { hold, seconds, generatorCpu } = await sendBuyers(this.#system, {
        shows,
        connections: 2_000,
        visits: 2_000,
        seconds: 1,
        spread: true,
        startAt: opensAt + 5,
      });
      remark = `${describe(hold.statuses)} in ${seconds.toFixed(2)} s`;
      return { ...fromKind(hold), seconds, generatorCpu };
    });
    return { ...row, remark };
  }

  /**
   * What the system does when more come than it can serve: first its peak, then five times the
   * connections, then twice the arrivals, then the calm after.
   *
   * @param {number} seconds of each of the two floods
   */
  async overload(seconds) {
    const common = { shows: await this.#system.audience.openShows(MANY_SHOWS), confirm: true };
    const run = async (/** @type {string} */ name, /** @type {object} */ plan) => {
      /** @type {import('./load.mjs').Visits | undefined} */
      let visits;
      const row = await measure(this.#system, name, async () => {
        visits = await sendBuyers(this.#system, { ...common, connections: CONNECTIONS, ...plan });
        const { hold, confirm, seconds: took, generatorCpu } = visits;
        return {
          ...fromKind(hold),
          requests: sent(hold) + sent(confirm),
          failed: sent(hold) + sent(confirm) - hold.done.count - confirm.done.count,
          seconds: took,
          generatorCpu,
        };
      });
      if (!visits) throw new Error('nobody came');
      const { hold, confirm } = visits;
      const remark =
        `holds ${describe(hold.statuses)}, confirms ${describe(confirm.statuses)}; ` +
        `confirm p99 ${confirm.done.p99.toFixed(0)} ms` +
        (hold.refused.count > 0 ? `, refusal p99 ${hold.refused.p99.toFixed(0)} ms` : '');
      return { row: { ...row, remark }, visits };
    };
    const peak = await run('peak: hold + confirm, 100 connections', { seconds: this.#seconds });
    const crowd = await run(`five times the connections, ${seconds} s`, {
      connections: 5 * CONNECTIONS,
      seconds,
    });
    const rate = (2 * peak.visits.hold.done.count) / peak.visits.seconds;
    const flood = await run(`twice the arrivals (${rate.toFixed(0)}/s), ${seconds} s`, {
      connections: 4_000,
      rate,
      seconds,
    });
    const calm = await run('right after', { seconds: this.#seconds });
    const peakPerSecond = Number(peak.row.perSecond);
    const recovered = calm.visits.perSecond.findIndex((count) => count >= 0.9 * peakPerSecond);
    return {
      peak,
      crowd,
      flood,
      calm,
      recoveredAfter: recovered === -1 ? Infinity : recovered + 1,
    };
  }

  /**
   * How long commands of other shows wait in their lanes: undisturbed, beside a flood of requests
   * that cost CPU only, and beside the same flood on a sold-out show.
   */
  async neighbours() {
    const { audience } = this.#system;
    const [soldOut = ''] = await audience.openShows(1, { totalSlots: 1 });
    await sendBuyers(this.#system, { shows: [soldOut], connections: 1, visits: 1 });
    const flood = { connections: CONNECTIONS, rate: FLOOD_RATE, seconds: this.#seconds };
    const beside = async (/** @type {Promise<unknown> | null} */ other) => {
      const before = await this.#system.laneWaits();
      const shows = await audience.openShows(20);
      const plan = { shows, connections: 50, rate: NEIGHBOUR_RATE, seconds: this.#seconds };
      await Promise.all([sendBuyers(this.#system, plan), other]);
      return percentileOfGrowth(before, await this.#system.laneWaits(), 0.99) * 1_000;
    };
    const cpuOnly = () => sendBuyers(this.#system, { ...flood, shows: [soldOut], path: CEILING });
    const onSoldOut = () => sendBuyers(this.#system, { ...flood, shows: [soldOut] });
    return {
      alone: await beside(null),
      besideCpu: await beside(cpuOnly()),
      besideSoldOut: await beside(onSoldOut()),
    };
  }

  /** @param {NodeJS.ProcessEnv} [settings] */
  async #replaceApi(settings) {
    await this.#system.replaceApi(settings);
    // The compiler optimises during the first requests.
    await this.#closedLoop('warming up', 1, { seconds: WARM_UP_SECONDS });
  }

  /**
   * @param {string} name
   * @param {number} count of shows
   * @param {Partial<import('./wrk.mjs').Load>} [load]
   */
  async #closedLoop(name, count, load = {}) {
    const shows = await this.#system.audience.openShows(count);
    const work = () =>
      runClosedLoop(
        this.#system,
        { path: HOLDS, shows, connections: CONNECTIONS, seconds: this.#seconds, ...load },
        this.#hasWrk,
      );
    return measure(this.#system, name, work);
  }

  /**
   * @param {string} name
   * @param {number} count of shows
   */
  async #plain(name, count) {
    const shows = await this.#system.audience.openShows(count);
    return measure(this.#system, name, () =>
      runPlainSql(this.#system, {
        shows,
        connections: PLAIN_CONNECTIONS,
        seconds: this.#seconds,
      }),
    );
  }
}

/** @param {import('./load.mjs').Kind} kind */
function sent({ done, refused, other }) {
  return done.count + refused.count + other.count;
}

/**
 * @param {import('./load.mjs').Latencies} one
 * @param {import('./load.mjs').Latencies} other
 */
function slower(one, other) {
  return one.p99 > other.p99 ? one : other;
}

/** @param {Record<string, number>} statuses */
function describe(statuses) {
  return Object.entries(statuses)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
}

/**
 * @param {[number, number][]} before buckets of a histogram: bound, and how many were at most that
 * @param {[number, number][]} after
 * @param {number} share
 * @returns {number} the percentile of what was added, interpolated within its bucket
 */
function percentileOfGrowth(before, after, share) {
  const growth = after.map(([bound, count], i) => [bound, count - (before[i]?.[1] ?? 0)]);
  const rank = share * (growth.at(-1)?.[1] ?? 0);
  let [lowBound, lowCount] = [0, 0];
  for (const [bound = 0, count = 0] of growth) {
    if (count >= rank) {
      return lowBound + ((bound - lowBound) * (rank - lowCount)) / Math.max(1, count - lowCount);
    }
    [lowBound, lowCount] = [bound, count];
  }
  return lowBound;
}
