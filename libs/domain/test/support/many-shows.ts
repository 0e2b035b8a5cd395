import type { DataSource } from 'typeorm';
import { searchTextOf } from '../../src/shows/search-text.js';

const WORDS = [
  'opening jazz theatre concert symphony comedy school garden ballet guitar',
  'концерт вечер театр музыка симфония танец весна лекция история наука',
  'सभा संगीत नृत्य नाटक कविता विज्ञान इतिहास मेला उत्सव परिवार',
].map((words) => words.split(' '));
const MINUTE_MS = 60_000;
/** Every statement of the role ends after 10 s. */
const INSERTED_AT_ONCE = 1_000;

/** Shows in three scripts that start a minute after each other, the first now; titles of common words. */
export async function createManyShows(dataSource: DataSource, count: number): Promise<void> {
  const titles = Array.from({ length: count }, (_, i) => {
    const words = WORDS[i % WORDS.length]!;
    return [7, 11, 13].map((step) => words[Math.floor(i / step) % words.length]).join(' ');
  });
  for (let i = 0; i < count; i += INSERTED_AT_ONCE) {
    await insertShows(dataSource, titles.slice(i, i + INSERTED_AT_ONCE), i);
  }
  await dataSource.query('VACUUM ANALYZE shows');
}

/** @param startsIn minutes from now, of the first; each other starts a minute later */
export async function insertShows(
  dataSource: DataSource,
  titles: readonly string[],
  startsIn = 0,
): Promise<void> {
  const others = { venue: null, origin: null, destination: null, practitioner: null, region: null };
  await dataSource.query(
    `INSERT INTO shows (id, title, kind, starts_at, time_zone, total_slots, available_slots,
       search_text, search_revision)
     SELECT gen_random_uuid(), title, 'EVENT', starts_at, 'UTC', 10, 10, search_text, 1
     FROM unnest($1::text[], $2::timestamptz[], $3::text[]) AS row (title, starts_at, search_text)`,
    [
      titles,
      titles.map((_, i) => new Date(Date.now() + (startsIn + i) * MINUTE_MS)),
      titles.map((title) => searchTextOf({ title, ...others })),
    ],
  );
}
