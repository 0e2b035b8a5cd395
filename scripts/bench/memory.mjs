import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.mjs';
import { sellSteadily } from './load.mjs';

const SOCKETS = 2_000;
const SHOWS = 10_000;
const READ_SINGLY = 2_000;
const READERS = 4;
const HOLDS_PER_SECOND = 200;

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 * @typedef {import('./bench-api.mjs').BenchApi} BenchApi
 * @typedef {import('./measure.mjs').Row} Row
 * @typedef {import('./report.mjs').Ratio} Ratio
 */

/**
 * What an API process keeps in memory when thousands watch and everything has been read. A process
 * of its own, so that it does not depend on which rows came before. Leaves its shows behind.
 *
 * @param {BenchSystem} system
 * @param {object} options
 * @param {number} options.seconds of the sale that is watched
 * @param {(row: Row) => unknown} options.add is given the row
 * @returns {Promise<Ratio[]>}
 */
export async function measureMemory(system, { seconds, add }) {
  await addShows(system, SHOWS);
  const [show = ''] = await system.audience.openShows(1);
  const api = await system.startApi();
  const empty = api.memory.now;
  const crowd = await Crowd.gather(system, { url: api.url, show, count: SOCKETS });
  try {
    const connected = api.memory.now;
    const ids = await walkLists(system, api);
    if (ids.length < SHOWS) throw new Error(`the lists have ${ids.length} shows only`);
    await readSingly(system, api, ids.slice(0, READ_SINGLY));
    const read = api.memory.now;
    await sellSteadily(system, { url: api.url, show, perSecond: HOLDS_PER_SECOND, seconds });
    await sleep(1_000);
    const { now, highest } = api.memory;
    const mb = (/** @type {number} */ value) => `${value.toFixed(0)} MB`;
    add({
      name: `memory with ${SOCKETS.toLocaleString('en')} sockets and ${SHOWS.toLocaleString('en')} shows`,
      drift: await system.audit(),
      remark:
        `started ${mb(empty)}, with the sockets ${mb(connected)}, everything read ${mb(read)}, ` +
        `while it sells ${mb(now)}, at most ${mb(highest)}; ` +
        `the process with all the load before ${mb(system.api.memory.now)}`,
    });
    return [
      {
        name: `resident memory of the API with ${SOCKETS} sockets and ${SHOWS} shows, MB`,
        value: now,
        side: 'at most',
        target: 400,
      },
    ];
  } finally {
    await crowd.leave();
    await api.stop();
  }
}

/**
 * Straight into the database: it is not their making that is measured.
 *
 * @param {BenchSystem} system
 * @param {number} count
 */
async function addShows({ pool }, count) {
  await pool.query(
    `INSERT INTO shows (id, title, description, kind, venue, region, starts_at, ends_at, time_zone,
                        total_slots, available_slots)
     SELECT gen_random_uuid(), 'Evening ' || i, repeat('A show that many want to see. ', 10),
            'EVENT', 'Town hall', 'Region ' || i % 20, now() + interval '2 days' + i * interval '1 minute',
            now() + interval '2 days 2 hours' + i * interval '1 minute', 'Asia/Kolkata', 500, 500
     FROM generate_series(1, $1) AS i`,
    [count],
  );
}

/**
 * @param {BenchSystem} system
 * @param {BenchApi} api
 * @returns {Promise<string[]>} the ids of all shows, page by page
 */
async function walkLists({ audience }, api) {
  /** @type {string[]} */
  const ids = [];
  let cursor = '';
  for (let page = 0; page === 0 || cursor !== ''; page++) {
    const found = await read(audience, page, `${api.url}/api/v1/shows?limit=100${cursor}`);
    ids.push(...found.data.map((/** @type {{ id: string }} */ { id }) => id));
    cursor = found.page.nextCursor === null ? '' : `&cursor=${found.page.nextCursor}`;
  }
  return ids;
}

/**
 * @param {BenchSystem} system
 * @param {BenchApi} api
 * @param {string[]} ids
 */
async function readSingly({ audience }, api, ids) {
  const rest = [...ids];
  await Promise.all(
    Array.from({ length: READERS }, async () => {
      for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
        await read(audience, rest.length, `${api.url}/api/v1/shows/${id}`);
      }
    }),
  );
}

/**
 * @param {BenchSystem['audience']} audience
 * @param {number} who
 * @param {string} url
 * @returns {Promise<any>}
 */
async function read({ buyers }, who, url) {
  const address = String(buyers[who % buyers.length]?.address);
  const response = await fetch(url, { headers: { 'X-Forwarded-For': address } });
  if (response.status !== 200) throw new Error(`${url}: ${await response.text()}`);
  return response.json();
}
