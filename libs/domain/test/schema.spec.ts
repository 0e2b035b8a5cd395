import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { isDistributed } from '../../../test/citus-cluster.mjs';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.js';
import { checkDatabase } from '../src/database/check-database.js';
import { dataSourceOptions } from '../src/database/data-source.js';
import { LOCAL_INDEXES } from '../src/database/distribution.js';
import { distribute } from '../src/database/distribute.js';

describe('the schema', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = new DataSource(
      dataSourceOptions({ url: database.url, applicationName: 'test', poolSize: 2 }),
    );
    await dataSource.initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('that the migrations make is the one that the entities describe', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    const missing = upQueries.map(({ query }) => query);
    const isLocal = (query: string) => LOCAL_INDEXES.some((index) => query.includes(`"${index}"`));
    expect(missing.filter((query) => !(isDistributed() && isLocal(query)))).toEqual([]);
  });

  it('refuses what would break the invariants, whoever writes', async () => {
    const insert = (available: number, held: number) =>
      database.query(
        `INSERT INTO shows (id, title, kind, starts_at, time_zone, total_slots, available_slots, held_slots)
         VALUES (gen_random_uuid(), 'x', 'EVENT', now(), 'UTC', 5, $1, $2)`,
        [available, held],
      );
    await expect(insert(-1, 0)).rejects.toMatchObject({ code: '23514' });
    await expect(insert(0, -1)).rejects.toMatchObject({ code: '23514' });
    await expect(insert(3, 3)).rejects.toMatchObject({ code: '23514' });
  });

  it('is left as it was found by going back and forth', async () => {
    await dataSource.undoLastMigration();
    await expect(checkDatabase(database.url, 'test')).rejects.toThrow(/lacks 1 migration/);
    await dataSource.runMigrations();
    // What a migration makes lies on the coordinator, until it is brought to its place.
    if (isDistributed()) await distribute(dataSource, 1);
    await checkDatabase(database.url, 'test');
  });
});
