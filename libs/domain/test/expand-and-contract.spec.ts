import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource, type QueryRunner } from 'typeorm';
import { dataSourceOptions, MIGRATIONS } from '../src/database/data-source.js';
import { breaches, readSchema, type SchemaSnapshot } from './support/schema-snapshot.js';

/**
 * What a migration takes away that no release in use relies on any more: the contracting half, at
 * least one release after the code stopped using it. By the migration's name, in the words of the
 * breach it would be.
 */
const CONTRACTED: Record<string, string[]> = {
  // Not relied upon: whoever meets it runs the batch again, and finds the key then.
  OneBookingPerKey1764700000000: [
    'bookings_user_id_idempotency_key is a new rule for bookings.user_id, idempotency_key',
  ],
  // A worker of the release before fails and retries until one of this release has its events.
  NotificationJobs1765100000000: [
    'notifications_event_id_channel_user_id_key is a new rule for notifications.user_id, event_id, channel',
  ],
};

describe('a release that runs on while the next one migrates', () => {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const server = new URL(process.env['MODEX_TEST_DATABASE_URL']!);
  let root: DataSource;
  let dataSource: DataSource;
  let runner: QueryRunner;
  const steps: { migration: string; found: string[] }[] = [];
  let newest: SchemaSnapshot;

  const query = <Row>(sql: string) => runner.query(sql) as unknown as Promise<Row[]>;
  const connect = (url: URL, options = {}) =>
    new DataSource({
      ...dataSourceOptions({ url: url.href, applicationName: 'test', poolSize: 2 }),
      ...options,
    }).initialize();

  beforeAll(async () => {
    root = await connect(server);
    await root.query(`CREATE DATABASE ${name}`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    for (const [i, migration] of MIGRATIONS.entries()) {
      // One more each time.
      dataSource = await connect(url, { migrations: MIGRATIONS.slice(0, i + 1) });
      runner = dataSource.createQueryRunner();
      const before = await readSchema(query);
      await dataSource.runMigrations();
      newest = await readSchema(query);
      steps.push({ migration: migration.name, found: breaches(before, newest) });
      if (i < MIGRATIONS.length - 1) await dataSource.destroy();
    }
  });
  afterAll(async () => {
    await dataSource.destroy();
    await root.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await root.destroy();
  });

  it('finds all that it knows, and its INSERTs still pass, whatever the migration', () => {
    expect(newest.columns.size).toBeGreaterThan(50);
    expect(steps).toEqual(
      MIGRATIONS.map(({ name: migration }) => ({ migration, found: CONTRACTED[migration] ?? [] })),
    );
  });

  it.each([
    ['ALTER TABLE users DROP COLUMN name', ['users.name is gone']],
    ['ALTER TABLE users RENAME COLUMN name TO called', ['users.name is gone']],
    [
      'ALTER TABLE shows ALTER COLUMN title TYPE varchar(9)',
      ['shows.title was text and is character varying(9)'],
    ],
    ['ALTER TABLE shows ALTER COLUMN venue SET NOT NULL', ['shows.venue was nullable']],
    [
      'ALTER TABLE shows ALTER COLUMN description DROP DEFAULT',
      ['shows.description had a default'],
    ],
    [
      'ALTER TABLE shows ADD COLUMN price integer NOT NULL',
      ['shows.price is new and has no default'],
    ],
    [
      'ALTER TABLE shows ADD CONSTRAINT rule CHECK (total_slots < 5)',
      ['rule is a new rule for shows.total_slots'],
    ],
    ['CREATE UNIQUE INDEX rule ON shows (title)', ['rule is a new rule for shows.title']],
    ['CREATE UNIQUE INDEX rule ON outbox (version, aggregate_id)', []],
    [
      'CREATE UNIQUE INDEX rule ON outbox (version, aggregate_id, type) WHERE attempts = 0',
      ['rule is a new rule for outbox.aggregate_id, version, type'],
    ],
    ["ALTER TYPE show_kind RENAME VALUE 'BUS' TO 'COACH'", ['show_kind.BUS is gone']],
    ['ALTER TABLE shows ADD COLUMN price integer NOT NULL DEFAULT 0 CHECK (price >= 0)', []],
    ['CREATE TABLE halls (id uuid PRIMARY KEY, name text NOT NULL)', []],
  ])('would be told of %s', async (sql, found) => {
    await runner.startTransaction();
    try {
      await runner.query(sql);
      expect(breaches(newest, await readSchema(query))).toEqual(found);
    } finally {
      await runner.rollbackTransaction();
    }
  });
});
