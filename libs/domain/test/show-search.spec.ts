import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { describeWith, itUndistributed } from '../../../test/optional.js';
import { findPostgres, NO_POSTGRES, type PostgresServer } from '../../../test/postgres-server.js';
import { startSinglePostgres } from '../../../test/single-postgres.js';
import { dataSourceOptions } from '../src/database/data-source.js';
import { onPrimary } from '../src/database/read-source.js';
import { ensureSearchIndex } from '../src/database/search-index.js';
import { fillSearchTexts } from '../src/shows/fill-search-texts.js';
import { searchPatterns } from '../src/shows/search-text.js';
import { allMatches, ShowsSearch } from '../src/shows/shows-search.js';
import { BookingOffice } from './support/booking-office.js';
import { createManyShows, insertShows } from './support/many-shows.js';

const LIMIT_MS = 5_000;
const MANY = 10_000;
/** A word that a few of many shows have. */
const RARE = ['Zephyrine', 'Жизель', 'कुलगीत', 'Zq', 'O’Brien', '👩‍👩‍👧'];
const from = () => new Date(Date.now() - 3_600_000);

async function titles(search: ShowsSearch, words: string, limit = 20): Promise<string[]> {
  const query = { patterns: searchPatterns(words), filter: { from: from() }, limit };
  const found = await search.find(query, LIMIT_MS);
  return found.map(({ show }) => show.title);
}

/** How PostgreSQL finds all shows with these words. */
async function plan({ manager }: DataSource, words: string): Promise<string> {
  const query = { patterns: searchPatterns(words), filter: { from: from() }, limit: 20 };
  const [sql, parameters] = allMatches(manager, query).getQueryAndParameters();
  const lines = await manager.query<Record<string, string>[]>(`EXPLAIN ${sql}`, parameters);
  return lines.map((line) => line['QUERY PLAN']).join('\n');
}

/** Of all shows, those with rare words are the last of the list. */
async function createHaystack(dataSource: DataSource): Promise<void> {
  await createManyShows(dataSource, MANY);
  await insertShows(
    dataSource,
    RARE.map((word) => `With ${word}`),
    MANY,
  );
}

async function expectIndexed(dataSource: DataSource): Promise<void> {
  const search = new ShowsSearch(onPrimary(dataSource));
  for (const word of RARE) {
    expect(`${word}: ${await plan(dataSource, word)}`).toContain('shows_search_idx');
    expect(await titles(search, word)).toEqual([`With ${word}`]);
  }
}

describe('searching shows', () => {
  let office: BookingOffice;
  const find = (words: string, limit?: number) => titles(office.showsSearch, words, limit);
  const startingIn = (minutes: number) => new Date(Date.now() + minutes * 60_000);
  beforeAll(async () => {
    office = await BookingOffice.open();
  });
  afterAll(() => office.close());

  it('looks into title, venue, route, practitioner and region', async () => {
    await office.createShow({ title: 'Café chantant', venue: 'Grüner Saal' });
    const bus = { kind: 'BUS' as const, origin: 'Pune', destination: 'Łódź', region: 'Ost' };
    await office.createShow({ title: 'Night bus', ...bus });
    await office.createShow({ title: 'Morning', kind: 'DOCTOR', practitioner: 'Dr O’Brien' });
    expect(await find('cafe\u0301')).toEqual(['Café chantant']);
    expect(await find('GRUN cafe')).toEqual(['Café chantant']);
    expect(await find('pune lodz ost bus')).toEqual(['Night bus']);
    expect(await find("o'brien")).toEqual(['Morning']);
    expect(await find('pune chantant')).toEqual([]);
  });

  it('finds a show by what it is called since its last edit', async () => {
    const { id } = await office.createShow({ title: 'First name', region: 'Nord' });
    await office.shows.edit(id, { title: 'Second name' }, null);
    expect(await find('first nord')).toEqual([]);
    expect(await find('second nord')).toEqual(['Second name']);
    await office.shows.edit(id, { region: null }, null);
    expect(await find('second nord')).toEqual([]);
    expect(await find('second name')).toEqual(['Second name']);
  });

  it('takes other filters, and goes on page by page in the order of the list', async () => {
    for (const minutes of [30, 10, 20]) {
      const startsAt = startingIn(minutes);
      await office.createShow({ title: `Paged ${minutes}`, startsAt, region: 'West' });
    }
    await office.createShow({ title: 'Paged 15', startsAt: startingIn(15), kind: 'BUS' });
    const patterns = searchPatterns('paged');
    const filter = { from: from(), region: 'West', kind: 'EVENT' as const };
    const query = { patterns, filter, limit: 1 };
    const first = await office.showsSearch.find(query, LIMIT_MS);
    expect(first.map(({ show }) => show.title)).toEqual(['Paged 10', 'Paged 20']);
    const { startsAt, id } = first[0]!.show;
    const rest = await office.showsSearch.find({ ...query, after: { startsAt, id } }, LIMIT_MS);
    expect(rest.map(({ show }) => show.title)).toEqual(['Paged 20', 'Paged 30']);
  });

  it('finds what a process of an older release wrote once it was folded', async () => {
    const created = await office.createShow({ title: 'Old name' });
    await office.database.query(
      `UPDATE shows SET title = 'Renamed', revision = revision + 1 WHERE id = $1`,
      [created.id],
    );
    await office.database.query(
      `INSERT INTO shows (id, title, kind, starts_at, time_zone, total_slots, available_slots)
       VALUES (gen_random_uuid(), 'Made before', 'EVENT', now(), 'UTC', 5, 5)`,
    );
    expect(await fillSearchTexts(office.dataSource.manager, 10)).toBe(2);
    expect(await fillSearchTexts(office.dataSource.manager, 10)).toBe(0);
    expect(await find('renamed')).toEqual(['Renamed']);
    expect(await find('old name')).toEqual([]);
    expect(await find('made before')).toEqual(['Made before']);
  });

  it('gives up in time, and says that it was overloaded', async () => {
    const runner = office.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query('LOCK TABLE shows');
      const began = performance.now();
      const query = { patterns: searchPatterns('any'), filter: { from: from() }, limit: 1 };
      const searching = office.showsSearch.find(query, 200);
      await expect(searching).rejects.toMatchObject({ code: 'OVERLOADED' });
      expect(performance.now() - began).toBeLessThan(1_000);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
    expect(await find('café')).toEqual(['Café chantant']);
  });

  itUndistributed('costs a booking nothing', 'its shards count their own updates', async () => {
    const show = await office.createShow({ totalSlots: 500 });
    expect((await office.show(show.id)).searchText).toBeUndefined();
    const updates = async () => {
      await office.database.query('SELECT pg_stat_force_next_flush()');
      const [row] = await office.database.query<{ all: number; inPlace: number }>(
        `SELECT n_tup_upd::int AS all, n_tup_hot_upd::int AS "inPlace"
         FROM pg_stat_user_tables WHERE relname = 'shows'`,
      );
      return row!;
    };
    const userId = await office.createUser();
    const before = await updates();
    for (let i = 0; i < 200; i++) {
      await office.bookings.hold({ showId: show.id, userId, quantity: 1 });
    }
    // Connections tell of theirs once a second.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await office.dataSource.query('SELECT 1');
    const after = await updates();
    expect(after.all - before.all).toBeGreaterThan(50);
    expect(after.inPlace - before.inPlace).toBeGreaterThan(0.95 * (after.all - before.all));
  });
});

describe('among many shows', () => {
  let office: BookingOffice;
  beforeAll(async () => {
    office = await BookingOffice.open();
    await createHaystack(office.dataSource);
  }, 60_000);
  afterAll(() => office.close());

  itUndistributed('the index finds rare words', 'there its shards plan', () =>
    expectIndexed(office.dataSource),
  );

  it.each(['jazz', 'концерт', 'सभा', 'j', 'zq', 'с', 'нет', 'jazz opening with', '%%%%', '_'])(
    '%s is found as by reading all of them',
    async (words) => {
      const [first, ...others] = searchPatterns(words);
      const rows = await office.database.query<{ title: string }>(
        `SELECT title FROM shows WHERE starts_at >= $1 AND search_text LIKE $2
           AND search_text LIKE ALL ($3) ORDER BY starts_at, id LIMIT 21`,
        [from(), first, others],
      );
      const expected = rows.map(({ title }) => title);
      expect(await titles(office.showsSearch, words)).toEqual(expected);
    },
  );
});

/** As its `initdb` and `CREATE DATABASE` know them. */
const LOCALES = { C: `TEMPLATE template0 LOCALE 'C'`, utf8: `TEMPLATE template0 LOCALE 'C.UTF-8'` };

describeWith('on the PostgreSQL of this machine', findPostgres(), NO_POSTGRES, (programs) => {
  let stop: (() => Promise<void>) | undefined;
  let server: PostgresServer;
  beforeAll(async () => {
    ({ server, stop } = await startSinglePostgres(programs));
    await server.query('postgres', 'CREATE ROLE restricted LOGIN');
  }, 60_000);
  afterAll(() => stop?.());

  async function migrated(name: string, options: string, user = 'modex'): Promise<DataSource> {
    await server.query('postgres', `CREATE DATABASE ${name} ${options}`);
    await server.query(name, 'GRANT ALL ON SCHEMA public TO restricted');
    const url = new URL(server.url(name));
    url.username = user;
    const dataSource = new DataSource(
      dataSourceOptions({ url: url.href, applicationName: 'test', poolSize: 2, unhurried: true }),
    );
    await dataSource.initialize();
    await dataSource.runMigrations();
    return dataSource;
  }

  it.each(Object.entries(LOCALES))(
    'the index finds rare words in the locale %s',
    async (name, options) => {
      const dataSource = await migrated(`locale_${name.toLowerCase()}`, options);
      try {
        await createHaystack(dataSource);
        await expectIndexed(dataSource);
      } finally {
        await dataSource.destroy();
      }
    },
    60_000,
  );

  it('a role that may not create the extension searches without index, until somebody created it', async () => {
    const dataSource = await migrated('without_extension', '', 'restricted');
    try {
      const [row] = await dataSource.query<{ index: string | null }[]>(
        `SELECT to_regclass('shows_search_idx') AS index`,
      );
      expect(row!.index).toBeNull();
      await createHaystack(dataSource);
      const search = new ShowsSearch(onPrimary(dataSource));
      expect(await titles(search, 'жизель')).toEqual(['With Жизель']);
      expect(await titles(search, 'jazz', 5)).toHaveLength(6);
      expect(await ensureSearchIndex(dataSource.manager)).toBe(false);
      await server.query('without_extension', 'CREATE SCHEMA elsewhere');
      await server.query('without_extension', 'CREATE EXTENSION pg_trgm SCHEMA elsewhere');
      await server.query('without_extension', 'GRANT USAGE ON SCHEMA elsewhere TO restricted');
      expect(await ensureSearchIndex(dataSource.manager)).toBe(true);
      expect(await ensureSearchIndex(dataSource.manager)).toBe(true);
      await expectIndexed(dataSource);
    } finally {
      await dataSource.destroy();
    }
  }, 60_000);
});
