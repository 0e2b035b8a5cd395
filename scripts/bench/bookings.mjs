import { API_NODE_ARGS } from '../launcher/programs.mjs';
import { HelperProcess, runHelper } from './helper-process.mjs';
import { generateLoad, runClosedLoop, runWrk, summarise } from './load.mjs';
import { alternate, measure, medianRatio, medianRows } from './measure.mjs';
import { CONNECTIONS } from './original-booking.mjs';
import { atLeast, atMost } from './report.mjs';
import { SECRET } from './virtual-users.mjs';

const MANY_SHOWS = 100;
const WARM_UP_SECONDS = 6;
const SEQUENTIAL_HOLDS = 500;
export const NOOP_PATH = '/api/v1/bench/noop';
const PATH = '/api/v1/bookings';

/**
 * @typedef {import('./main.mjs').Bench} Bench
 * @typedef {import('./load.mjs').Load} Load
 */

/** Rates of holds, between their upper bounds and the original design, in alternation. */
export async function measureHolds(/** @type {Bench} */ bench) {
  const { system, wanted } = bench;
  const bare = new HelperProcess('bare-fastify.mjs', system.signal, API_NODE_ARGS);
  const original = new HelperProcess('original-server.mjs', system.signal);
  try {
    const [show = ''] = await system.users.openShows(1);
    const [user] = system.users.all;
    const answer = await fetch(`${system.url}${PATH}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${user?.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ showId: show, quantity: 1 }),
    });
    const body = await answer.text();
    const route = { method: 'POST', path: PATH, status: 201, type: 'application/json', body };
    const bareUrl = await bare.ask(route);
    const { databaseUrl } = system;
    const originalUrl = await original.ask({ databaseUrl, secret: SECRET });
    const rounds = await alternate(
      bench.rounds,
      Object.fromEntries(
        Object.entries({
          bare: () => closedLoop(bench, 'bare Fastify', 1, { url: bareUrl }, bare),
          noop: () => noop(bench),
          hot: () => hot(bench),
          limited: () => limited(bench),
          spread: () => spread(bench),
          originalHot: () =>
            closedLoop(bench, 'original design, one hot show', 1, { url: originalUrl }, original),
          originalSpread: () =>
            closedLoop(
              bench,
              `original design, ${MANY_SHOWS} shows`,
              MANY_SHOWS,
              { url: originalUrl },
              original,
            ),
          plainHot: () => plainSql(bench, 'plain SQL, one hot show', 1, CONNECTIONS),
          plainSpread: () =>
            plainSql(bench, `plain SQL, ${MANY_SHOWS} shows`, MANY_SHOWS, CONNECTIONS),
        }).filter(([name]) => wanted(name.replace(/Hot|Spread/, ''))),
      ),
    );
    medianRows(rounds).forEach(bench.add);
    const ratio = (/** @type {string} */ above, /** @type {string} */ below) =>
      medianRatio(rounds, above, below);
    const checks = [
      atLeast('one hot show ÷ no-op', ratio('hot', 'noop'), 0.7),
      atLeast('one hot show ÷ original design', ratio('hot', 'originalHot'), 4.5),
      atLeast('one hot show ÷ plain SQL', ratio('hot', 'plainHot'), 4.5),
      atLeast('one hot show with limits ÷ without', ratio('limited', 'hot'), 0.9),
      atLeast('100 shows ÷ no-op', ratio('spread', 'noop'), 0.6),
      atLeast('100 shows ÷ original design', ratio('spread', 'originalSpread'), 1.2),
      atLeast('100 shows ÷ plain SQL', ratio('spread', 'plainSpread'), 1.2),
      atMost('p99 of one hot show ÷ of no-op', medianRatio(rounds, 'hot', 'noop', 'p99'), 4),
    ];
    // The ratio of a row that was not wanted is not a number.
    bench.check(...checks.filter(({ value }) => !Number.isNaN(value)));
  } finally {
    await Promise.all([bare.stop(), original.stop()]);
  }
}

/** @param {Bench} bench */
export async function warmUp(bench) {
  const short = { ...bench, seconds: 3 };
  await noop(short);
  await hot(short);
  await spread(short);
}

/** The same request and answer without the engine. */
const noop = (/** @type {Bench} */ bench) => closedLoop(bench, 'no-op', 1, { path: NOOP_PATH });

const hot = (/** @type {Bench} */ bench) => closedLoop(bench, 'holds, one hot show', 1);

const spread = (/** @type {Bench} */ bench) =>
  closedLoop(bench, `holds, ${MANY_SHOWS} shows`, MANY_SHOWS);

/** Holds of users who are limited in what they hold, and hold nothing yet. */
async function limited(/** @type {Bench} */ bench) {
  const replaceApi = async (/** @type {NodeJS.ProcessEnv} */ settings) => {
    await bench.system.replaceApi(settings);
    await closedLoop(bench, 'warm-up', 1, { seconds: WARM_UP_SECONDS });
  };
  await replaceApi({ MAX_HELD_SLOTS_PER_USER: '20' });
  await bench.system.users.create();
  const row = await closedLoop(bench, 'holds, one hot show, limited accounts', 1);
  await replaceApi({});
  return row;
}

export const measureKeyed = async (/** @type {Bench} */ bench) =>
  bench.add(
    await closedLoop(bench, 'holds with idempotency keys, one hot show', 1, { mode: 'keyed' }),
  );

export const measureConfirm = async (/** @type {Bench} */ bench) => bench.add(await confirm(bench));

/** Either request counts. */
export const confirm = (/** @type {Bench} */ bench) =>
  closedLoop(bench, 'hold + confirm, one hot show', 1, { mode: 'confirm' });

/** The latency of one user on an idle system. */
export async function measureSequential(/** @type {Bench} */ bench) {
  const { system } = bench;
  const shows = await system.users.openShows(1);
  const http = await measure(system, 'one hold at a time', async () => {
    const plan = { shows, connections: 1, visits: SEQUENTIAL_HOLDS };
    const { hold, seconds } = await generateLoad(system, plan);
    return summarise(hold, seconds);
  });
  const limit = { bookings: SEQUENTIAL_HOLDS };
  const plain = await plainSql(bench, 'one plain SQL transaction at a time', 1, 1, limit);
  [http, plain].forEach(bench.add);
  const ratio = Number(http.p50) / Number(plain.p50);
  bench.check(atMost('p50 of one hold at a time ÷ of one plain SQL transaction', ratio, 2.5));
}

/**
 * @param {Bench} bench
 * @param {string} name
 * @param {number} count of shows
 * @param {Partial<Load>} [load]
 * @param {{ readonly cpu: number }} [server] left out, the API
 */
async function closedLoop({ system, seconds, hasWrk }, name, count, load, server) {
  const targets = await system.users.openShows(count);
  const whole = { targets, connections: 100, seconds, ...load };
  const send = hasWrk ? runWrk : runClosedLoop;
  return measure(system, name, () => send(system, whole), server);
}

/**
 * @param {Bench} bench
 * @param {string} name
 * @param {number} count of shows
 * @param {number} connections
 * @param {{ bookings?: number, seconds?: number }} [limit]
 */
async function plainSql({ system, seconds }, name, count, connections, limit = { seconds }) {
  const { databaseUrl, signal, users } = system;
  const shows = await users.openShows(count);
  const ids = users.all.map(({ id }) => id);
  const plan = { databaseUrl, shows, users: ids, connections, ...limit };
  return measure(system, name, () => runHelper('plain-sql.mjs', signal, plan));
}
