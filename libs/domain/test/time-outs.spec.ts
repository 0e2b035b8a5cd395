import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.js';
import { checkDatabase } from '../src/database/check-database.js';
import { dataSourceOptions } from '../src/database/data-source.js';
import { setRoleTimeouts } from '../src/database/role-timeouts.js';
import { DomainModule, LEDGER } from '../src/domain.module.js';
import { GROUP_COMMIT } from './support/booking-office.js';

const readTimeouts = async (dataSource: DataSource) => {
  const [row] = await dataSource.query<Record<string, string>[]>(
    `SELECT current_setting('lock_timeout') AS lock,
            current_setting('statement_timeout') AS statement,
            current_setting('idle_in_transaction_session_timeout') AS idle,
            current_setting('client_connection_check_interval') AS check`,
  );
  return row;
};

describe('time-outs', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const query = (sql: string, parameters?: unknown[]) => database.query(sql, parameters);

  it('are set on the connections of both pools of a process', async () => {
    @Module({
      imports: [
        DomainModule.forRoot({
          database: { url: database.url, applicationName: 'test', poolSize: 2 },
          ledgerPoolSize: 2,
          holdSeconds: 120,
          sharded: false,
          idempotencyAcrossShows: true,
          groupCommit: GROUP_COMMIT,
        }),
      ],
    })
    class ProcessModule {}
    const process: INestApplicationContext = await NestFactory.createApplicationContext(
      ProcessModule,
      { logger: false, abortOnError: false },
    );
    try {
      for (const name of [undefined, LEDGER]) {
        const pool = process.get<DataSource>(getDataSourceToken(name));
        expect(await readTimeouts(pool)).toEqual({
          lock: '5s',
          statement: '10s',
          idle: '15s',
          check: '1s',
        });
      }
    } finally {
      await process.close();
    }
  });

  it('do not cut off a migration, which may take any time', async () => {
    const migrating = new DataSource(
      dataSourceOptions({
        url: database.url,
        applicationName: 'test',
        poolSize: 1,
        unhurried: true,
      }),
    );
    await migrating.initialize();
    expect(await readTimeouts(migrating)).toMatchObject({ statement: '0', lock: '5s' });
    await migrating.destroy();
  });

  it('can be set again, also by several at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => setRoleTimeouts({ query })));
    const settings = await database.query(
      `SELECT 1 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
       WHERE d.datname = current_database() AND s.setrole = current_user::regrole`,
    );
    expect(settings).toHaveLength(1);
  });

  it('and rights that the role lacks keep a process from starting, and it says what to do', async () => {
    const role = `other-${randomBytes(6).toString('hex')}`;
    await query(`CREATE ROLE "${role}" LOGIN PASSWORD 'secret'`);
    await query(`GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO "${role}"`);
    await query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "${role}"`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'secret';
    try {
      await expect(checkDatabase(url.href, 'test')).rejects.toThrow(
        /role "other-.*" lacks rights in the database \(DELETE on bookings, .*\): run "npm run db:migrate" as the owner/,
      );
      await query(`GRANT DELETE ON ALL TABLES IN SCHEMA public TO "${role}"`);
      const refused: unknown = await checkDatabase(url.href, 'test').catch((error) => error);
      const { message } = refused as Error;
      expect(message).toContain(
        `The role "${role}" has no lock_timeout, statement_timeout, idle_in_transaction_session_timeout`,
      );
      await query(message.slice(message.indexOf('ALTER ROLE')));
      await checkDatabase(url.href, 'test');
    } finally {
      await query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
    }
  });
});
