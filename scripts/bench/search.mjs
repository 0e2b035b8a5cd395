import { measure } from './measure.mjs';
import { runWrkReads } from './wrk.mjs';

const SHOWS = 100_000;
const INSERTED_AT_ONCE = 2_000;
/** As many as search at once (`MAX_SEARCHES_IN_FLIGHT`): more would measure the queue. */
const CONNECTIONS = 2;

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
 * Searches over many shows in three scripts. Leaves its shows behind.
 *
 * @param {import('./bench-system.mjs').BenchSystem} system
 * @param {object} options
 * @param {number} options.seconds
 * @param {(row: import('./measure.mjs').Row) => import('./measure.mjs').Row} options.add is given the row
 * @returns {Promise<import('./report.mjs').Ratio[]>}
 */
export async function measureSearch(system, { seconds, add }) {
  await addShows(system);
  const paths = SEARCHES.map((words) => `/api/v1/shows?q=${encodeURIComponent(words)}`);
  const load = { connections: CONNECTIONS, paths };
  await runWrkReads(system, { ...load, seconds: 2 });
  const name = `searches of ${SHOWS.toLocaleString('en')} shows`;
  const row = add(await measure(system, name, () => runWrkReads(system, { ...load, seconds })));
  return [{ name: `${name}, p99 ms`, value: Number(row.p99), side: 'at most', target: 50 }];
}

/**
 * Straight into the database: it is not their making that is measured.
 *
 * @param {import('./bench-system.mjs').BenchSystem} system
 */
async function addShows({ pool }) {
  // Compiled by now.
  const { searchTextOf } = await import('@modex/domain');
  const others = { venue: 'Town hall', origin: null, destination: null, practitioner: null };
  for (let i = 0; i < SHOWS; i += INSERTED_AT_ONCE) {
    const titles = Array.from({ length: INSERTED_AT_ONCE }, (_, n) => titleOf(i + n));
    const texts = titles.map((title) => searchTextOf({ ...others, title, region: null }));
    await pool.query(
      `INSERT INTO shows (id, title, description, kind, venue, starts_at, time_zone, total_slots,
                          available_slots, search_text, search_revision)
       SELECT gen_random_uuid(), title, repeat('A show that many want to see. ', 10), 'EVENT',
              $3, now() + interval '2 days' + ($4 + n) * interval '1 minute', 'Asia/Kolkata',
              500, 500, text, 1
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS row (title, text, n)`,
      [titles, texts, others.venue, i],
    );
  }
  await pool.query('VACUUM ANALYZE shows');
}

/** @param {number} i */
function titleOf(i) {
  const words = WORDS[i % WORDS.length] ?? [];
  const common = [7, 11, 13].map((step) => words[Math.floor(i / step) % words.length]);
  return `${common.join(' ')} ${i}`;
}
