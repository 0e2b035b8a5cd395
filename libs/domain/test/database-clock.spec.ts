import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.js';
import { dataSourceOptions } from '../src/database/data-source.js';
import { DatabaseClock } from '../src/database/database-clock.js';

const BUSY_MS = 2_000;

describe("the database's clock", () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    const options = { url: database.url, applicationName: 'test', poolSize: 1 };
    dataSource = await new DataSource(dataSourceOptions(options)).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it('is right however long its measure waits for a connection', async () => {
    const clock = new DatabaseClock(dataSource);
    const busy = dataSource.query('SELECT pg_sleep($1)', [BUSY_MS / 1_000]);
    const now = await clock.now();
    const [row] = await database.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    expect(Math.abs(row!.now.getTime() - now.getTime())).toBeLessThan(BUSY_MS / 4);
    await busy;
  });
});
