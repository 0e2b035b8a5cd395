import { setTimeout as sleep } from 'node:timers/promises';
import { connectSockets, HOLDS_PER_SECOND, SOCKETS } from './live.mjs';
import { holdAtRate } from './load.mjs';
import { atMost } from './report.mjs';

const SHOWS = 10_000;
const READ_SINGLY = 2_000;

/**
 * Resident memory of a fresh API process with many sockets, when everything has been read. Its shows
 * stay.
 */
export async function measureMemory(/** @type {import('./main.mjs').Bench} */ bench) {
  const { system, seconds } = bench;
  await system.pool.query(
    `INSERT INTO shows (id, title, description, kind, venue, region, starts_at, ends_at, time_zone,
                        total_slots, available_slots)
     SELECT gen_random_uuid(), 'Evening ' || i, repeat('A show that many want to see. ', 10),
            'EVENT', 'Town hall', 'Region ' || i % 20, now() + interval '2 days' + i * interval '1 minute',
            now() + interval '2 days 2 hours' + i * interval '1 minute', 'Asia/Kolkata', 500, 500
     FROM generate_series(1, $1) AS i`,
    [SHOWS],
  );
  const [show = ''] = await system.users.openShows(1);
  const api = await system.startApi();
  const steps = { started: api.memory.now };
  const clients = await connectSockets(system, { url: api.url, show });
  try {
    Object.assign(steps, { connected: api.memory.now });
    const ids = await readLists(api.url);
    if (ids.length < SHOWS) throw new Error(`the lists have only ${ids.length} shows`);
    for (const [i, id] of ids.slice(0, READ_SINGLY).entries()) {
      await read(`${api.url}/api/v1/shows/${id}`, i);
    }
    Object.assign(steps, { read: api.memory.now });
    await holdAtRate(system, { url: api.url, show, rate: HOLDS_PER_SECOND, seconds });
    await sleep(1_000);
    const { now, highest } = api.memory;
    const measured = { ...steps, selling: now, highest, underLoadBefore: system.api.memory.now };
    const texts = Object.entries(measured).map(([name, mb]) => `${name} ${mb.toFixed(0)} MB`);
    const name = `memory with ${SOCKETS} sockets and ${SHOWS} shows`;
    bench.add({ name, drift: await system.audit(), remark: texts.join(', ') });
    bench.check(atMost(`${name}, MB`, now, 400));
  } finally {
    await clients.stop();
    await api.stop();
  }
}

/** @param {string} url @returns {Promise<string[]>} the ids of all shows, page by page */
async function readLists(url) {
  /** @type {string[]} */
  const ids = [];
  for (let page = 0, cursor = ''; page === 0 || cursor !== ''; page++) {
    const found = await read(`${url}/api/v1/shows?limit=100${cursor}`, page);
    ids.push(...found.data.map((/** @type {{ id: string }} */ { id }) => id));
    cursor = found.page.nextCursor === null ? '' : `&cursor=${found.page.nextCursor}`;
  }
  return ids;
}

/**
 * @param {string} url
 * @param {number} i each hundred has an address of its own, for the rate limits
 * @returns {Promise<any>}
 */
async function read(url, i) {
  const response = await fetch(url, { headers: { 'X-Forwarded-For': `10.1.0.${i % 100}` } });
  if (response.status !== 200) throw new Error(`${url}: ${await response.text()}`);
  return response.json();
}
