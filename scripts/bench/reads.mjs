import { setTimeout as sleep } from 'node:timers/promises';
import { API_NODE_ARGS } from '../launcher/programs.mjs';
import { HelperProcess } from './helper-process.mjs';
import { runWrk } from './load.mjs';
import { alternate, measure, medianRatio, medianRows, meter } from './measure.mjs';
import { atLeast, atMost } from './report.mjs';

const LISTED = 100;
const SHOWS = '/api/v1/shows';
const LIST = `${SHOWS}?limit=${LISTED}`;
const UNCACHED_LIST = `/api/v1/bench/uncached-shows?limit=${LISTED}`;
const HALF_A_DAY_MS = 43_200_000;
const SEARCHED = 100_000;
const INSERTED_AT_ONCE = 2_000;

const WORDS = [
  'opening jazz theatre concert symphony comedy school garden ballet guitar',
  'концерт вечер театр музыка симфония танец весна лекция история наука',
  'सभा संगीत नृत्य नाटक कविता विज्ञान इतिहास मेला उत्सव परिवार',
].map((words) => words.split(' '));

/** Common words, rare ones, several, short ones, and those that no show has. */
const SEARCHES = [
  ...['jazz', 'концерт', 'संगीत', 'jazz symphony', 'музыка весна', 'कविता मेला'],
  ...['evening 77777', 'вечер 12344', '500', 'xylophone', 'жираф', 'कुल', 'jazz xylophone'],
  ...['ja', 'те', 'zq', 'j', 'q', 'a b c d e f g', '%%%%', 'jazz театр'],
];

/**
 * @typedef {import('./main.mjs').Bench} Bench
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 */

/** Reads on an idle system and beside holds, between a bare Fastify route and uncached reads. */
export async function measureReads(/** @type {Bench} */ bench) {
  const { system, seconds } = bench;
  // These shows start before all others of the bench, hence they are the first page.
  const startsAt = new Date(Date.now() + HALF_A_DAY_MS).toISOString();
  const shows = await system.users.openShows(LISTED, { startsAt });
  const bare = new HelperProcess('bare-fastify.mjs', system.signal, API_NODE_ARGS);
  try {
    const answer = await fetch(`${system.url}${LIST}`);
    const body = await answer.text();
    const type = String(answer.headers.get('content-type'));
    if (!shows.every((id) => body.includes(id))) throw new Error('the list has other shows');
    const url = await bare.ask({ method: 'GET', path: SHOWS, status: 200, type, body });
    const common = { mode: /** @type {const} */ ('read'), connections: 100, seconds };
    const load = { ...common, targets: [LIST] };
    const uncached = { ...common, targets: [UNCACHED_LIST] };
    for (const each of [{ ...load, url }, load, uncached]) {
      await runWrk(system, { ...each, seconds: 2 });
    }
    const read = (/** @type {string} */ name, /** @type {typeof load} */ each) =>
      measure(system, name, () => runWrk(system, each));
    const single = { ...common, targets: shows.map((id) => `${SHOWS}/${id}`) };
    let worstHitRatio = 1;
    const rounds = await alternate(bench.rounds, {
      bare: () =>
        measure(
          system,
          `list of ${LISTED} shows, bare Fastify`,
          () => runWrk(system, { ...load, url }),
          bare,
        ),
      list: () => read(`list of ${LISTED} shows`, load),
      uncached: () => read(`list of ${LISTED} shows, uncached`, uncached),
      listBesideHolds: async () => {
        const { row, hitRatio } = await besideHolds(system, shows, 'list', load);
        worstHitRatio = Math.min(worstHitRatio, hitRatio);
        return { ...row, name: `list of ${LISTED} shows beside holds` };
      },
      show: () => read('one show', single),
      showBesideHolds: async () => {
        const { row } = await besideHolds(system, shows, 'show', single);
        return { ...row, name: 'one show beside holds' };
      },
    });
    medianRows(rounds).forEach(bench.add);
    bench.check(
      atLeast('list of 100 shows ÷ bare Fastify', medianRatio(rounds, 'list', 'bare'), 0.75),
      atLeast('list of 100 shows ÷ uncached', medianRatio(rounds, 'list', 'uncached'), 12),
      atLeast('hit ratio of the list beside holds', worstHitRatio, 0.99),
    );
  } finally {
    await bare.stop();
  }
}

/**
 * @param {BenchSystem} system
 * @param {string[]} shows
 * @param {'list' | 'show'} of
 * @param {import('./load.mjs').Load} load
 */
async function besideHolds(system, shows, of, load) {
  // From before the reads until after them.
  const { seconds } = load;
  const holding = runWrk(system, { targets: shows, connections: 100, seconds: seconds + 2 });
  await sleep(1_000);
  const hitRatioSince = await countHits(system.api, of);
  const row = await meter(system, '', () => runWrk(system, load));
  const hitRatio = await hitRatioSince();
  const holds = await holding;
  const rate = Math.round((holds.requests - holds.failed) / holds.seconds);
  const remark = `${rate} holds a second, ${holds.failed} failed; hit ratio ${hitRatio.toFixed(4)}`;
  // The CPU is that of reads and holds together.
  const perRequest = { apiCpu: undefined, postgresCpu: undefined };
  return { row: { ...row, ...perRequest, remark, drift: await system.audit() }, hitRatio };
}

/**
 * @param {import('./server-process.mjs').ServerProcess} api
 * @param {'list' | 'show'} of
 * @returns {Promise<() => Promise<number>>} the share of reads that the cache has answered since
 */
export async function countHits(api, of) {
  const count = async () => {
    const samples = (await api.metric('modex_show_reads_total')).filter(
      ({ labels }) => labels['of'] === of,
    );
    const sum = (/** @type {typeof samples} */ each) =>
      each.reduce((all, { value }) => all + value, 0);
    return {
      all: sum(samples),
      hits: sum(samples.filter(({ labels }) => labels['result'] === 'hit')),
    };
  };
  const before = await count();
  return async () => {
    const after = await count();
    return (after.hits - before.hits) / (after.all - before.all);
  };
}

/** Searches over shows in three scripts. Its shows stay. */
export async function measureSearch(/** @type {Bench} */ { system, seconds, add, check }) {
  // Compiled by now.
  const { searchTextOf } = await import('@modex/domain');
  const others = { venue: 'Town hall', origin: null, destination: null, practitioner: null };
  for (let i = 0; i < SEARCHED; i += INSERTED_AT_ONCE) {
    const titles = Array.from({ length: INSERTED_AT_ONCE }, (_, n) => titleOf(i + n));
    const texts = titles.map((title) => searchTextOf({ ...others, title, region: null }));
    await system.pool.query(
      `INSERT INTO shows (id, title, description, kind, venue, starts_at, time_zone, total_slots,
                          available_slots, search_text, search_revision)
       SELECT gen_random_uuid(), title, repeat('A show that many want to see. ', 10), 'EVENT',
              $3, now() + interval '2 days' + ($4 + n) * interval '1 minute', 'Asia/Kolkata',
              500, 500, text, 1
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS row (title, text, n)`,
      [titles, texts, others.venue, i],
    );
  }
  await system.pool.query('VACUUM ANALYZE shows');
  const targets = SEARCHES.map((words) => `${SHOWS}?q=${encodeURIComponent(words)}`);
  // As many as search at once (`MAX_SEARCHES_IN_FLIGHT`): more would measure the queue.
  const load = { mode: /** @type {const} */ ('read'), connections: 2, targets };
  await runWrk(system, { ...load, seconds: 2 });
  const name = `searches of ${SEARCHED.toLocaleString('en')} shows`;
  const row = await measure(system, name, () => runWrk(system, { ...load, seconds }));
  add(row);
  check(atMost(`${name}, p99 ms`, Number(row.p99), 50));
}

/** @param {number} i */
function titleOf(i) {
  const words = WORDS[i % WORDS.length] ?? [];
  const common = [7, 11, 13].map((step) => words[Math.floor(i / step) % words.length]);
  return `${common.join(' ')} ${i}`;
}
