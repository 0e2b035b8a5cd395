import { setTimeout as sleep } from 'node:timers/promises';
import { API_NODE_ARGS } from '../launcher/programs.mjs';
import { complain } from '../launcher/terminal.mjs';
import { HelperProcess } from './helper-process.mjs';
import { measure, meter } from './measure.mjs';
import { medianRatio, medianRows, takeTurns } from './rounds.mjs';
import { READS_COUNTER, readsOf, showReads } from './show-reads.mjs';
import { runWrk, runWrkReads } from './wrk.mjs';

const CONNECTIONS = 100;
const LISTED = 100;
const SHOWS = '/api/v1/shows';
const LIST = `${SHOWS}?limit=${LISTED}`;
const UNCACHED_LIST = `/api/v1/bench/uncached-shows?limit=${LISTED}`;
const HALF_A_DAY_MS = 43_200_000;

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 * @typedef {import('./measure.mjs').Row} Row
 * @typedef {import('./report.mjs').Ratio} Ratio
 */

/**
 * What people read, on an idle system and beside holds at full speed, between the same bytes from a
 * bare Fastify route and the original way of reading them.
 *
 * @param {BenchSystem} system
 * @param {object} options
 * @param {number} options.rounds
 * @param {number} options.seconds of each row
 * @param {(row: Row) => unknown} options.add is given each row
 * @returns {Promise<Ratio[]>}
 */
export async function measureReads(system, { rounds, seconds, add }) {
  const shows = await openListedShows(system);
  const load = { connections: CONNECTIONS, seconds };
  const reads = new Reads(system, shows, load);
  const bare = new HelperProcess('bare-fastify.mjs', system.signal, API_NODE_ARGS);
  try {
    const answer = await reads.listAnswer();
    const { url } = await bare.ask({ path: SHOWS, ...answer });
    const same = await (await fetch(`${url}${LIST}`)).text();
    if (same !== answer.body) throw new Error('the bare route sends something else');
    // Each route as warm as the others.
    await runWrkReads(system, { ...load, url, paths: [LIST], seconds: 2 });
    await runWrkReads(system, { ...load, paths: [LIST], seconds: 2 });
    await runWrkReads(system, { ...load, paths: [UNCACHED_LIST], seconds: 2 });
    const measured = await takeTurns(rounds, {
      bare: () =>
        measure(
          system,
          `list of ${LISTED} shows from a bare Fastify route`,
          () => runWrkReads(system, { ...load, url, paths: [LIST] }),
          bare,
        ),
      list: () => reads.idle(`list of ${LISTED} shows`, [LIST]),
      original: () => reads.idle(`list of ${LISTED} shows, the original way`, [UNCACHED_LIST]),
      listBesideHolds: () => reads.besideHolds(`list of ${LISTED} shows while holds run`, [LIST]),
      show: () => reads.idle('one show', reads.showPaths),
      showBesideHolds: () => reads.besideHolds('one show while holds run', reads.showPaths),
    });
    for (const row of medianRows(measured)) add(row);
    if (Number.isNaN(reads.worstHitRatio)) {
      complain(`The API does not count its reads (${READS_COUNTER}): there is no hit ratio.`);
    }
    return [
      {
        name: `list of ${LISTED} shows ÷ bare Fastify route`,
        value: medianRatio(measured, 'list', 'bare'),
        side: 'at least',
        target: 0.75,
      },
      {
        name: `list of ${LISTED} shows ÷ the original way`,
        value: medianRatio(measured, 'list', 'original'),
        side: 'at least',
        target: 12,
      },
      {
        name: 'hit ratio of the list while holds run',
        value: reads.worstHitRatio,
        side: 'at least',
        target: 0.99,
      },
    ];
  } finally {
    await bare.stop();
  }
}

class Reads {
  #system;
  #shows;
  #load;
  /** Of the list beside holds, over all rounds; NaN where the API does not count its reads. */
  worstHitRatio = Infinity;

  /**
   * @param {BenchSystem} system
   * @param {string[]} shows those in the list
   * @param {{ connections: number, seconds: number }} load
   */
  constructor(system, shows, load) {
    this.#system = system;
    this.#shows = shows;
    this.#load = load;
  }

  get showPaths() {
    return this.#shows.map((id) => `${SHOWS}/${id}`);
  }

  /** @returns {Promise<{ type: string, body: string }>} what the API sends for the list */
  async listAnswer() {
    const answer = await fetch(`${this.#system.url}${LIST}`);
    const body = await answer.text();
    /** @type {{ data: { id: string }[] }} */
    const { data } = JSON.parse(body);
    const isListed = data.length === LISTED && data.every(({ id }) => this.#shows.includes(id));
    if (!isListed) throw new Error('the list is not of the shows that are sold');
    return { type: String(answer.headers.get('content-type')), body };
  }

  /**
   * @param {string} name
   * @param {string[]} paths
   */
  idle(name, paths) {
    return measure(this.#system, name, () => runWrkReads(this.#system, { ...this.#load, paths }));
  }

  /**
   * @param {string} name
   * @param {string[]} paths
   * @returns {Promise<Row>}
   */
  async besideHolds(name, paths) {
    const { seconds } = this.#load;
    const holding = runWrk(this.#system, {
      ...this.#load,
      path: '/api/v1/bookings',
      shows: this.#shows,
      // From before the reads until after them.
      seconds: seconds + 2,
    });
    const reading = sleep(1_000).then(async () => {
      const before = await showReads(this.#system.api);
      const row = await meter(this.#system, name, () =>
        runWrkReads(this.#system, { ...this.#load, paths }),
      );
      return { row, counted: readsOf(before, await showReads(this.#system.api)) };
    });
    const [holds, { row, counted }] = await Promise.all([holding, reading]);
    const held = (holds.requests - holds.failed) / holds.seconds;
    const { list, show } = counted;
    const hitRatio = paths.includes(LIST) ? list : show;
    if (paths.includes(LIST)) this.worstHitRatio = Math.min(this.worstHitRatio, hitRatio);
    return {
      ...row,
      // A request of the one kind cannot be told from one of the other.
      apiCpu: undefined,
      postgresCpu: undefined,
      generatorLoad: Number(row.generatorLoad) + holds.generatorCpu / holds.seconds,
      drift: await this.#system.audit(),
      remark:
        `beside ${Math.round(held)} holds a second, ${holds.failed} failed; ` +
        `hit ratio ${hitRatio.toFixed(4)}`,
    };
  }
}

/**
 * Shows that start before all others of the bench, hence the whole first page.
 *
 * @param {BenchSystem} system
 */
function openListedShows({ audience }) {
  const startsAt = new Date(Date.now() + HALF_A_DAY_MS).toISOString();
  return audience.openShows(LISTED, { startsAt });
}
