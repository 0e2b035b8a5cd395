import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import pg from 'pg';
import { isDistributed } from '../../../test/citus-cluster.mjs';
import { describeWhere } from '../../../test/optional.js';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.js';
import { checkDatabase } from '../src/database/check-database.js';
import { ROLE_TIMEOUTS } from '../src/database/role-timeouts.js';

const run = promisify(execFile);

const FORBIDDEN = [
  'CREATE TABLE stolen (id int)',
  'CREATE TEMPORARY TABLE stolen (id int)',
  'ALTER TABLE users ADD COLUMN secret text',
  'DROP TABLE bookings',
  'TRUNCATE bookings CASCADE',
  'CREATE INDEX ON bookings (user_id)',
  'CREATE SCHEMA stolen',
  'CREATE EXTENSION citext',
  'CREATE DATABASE stolen',
  'CREATE ROLE stolen',
  `CREATE FUNCTION stolen() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
  'DELETE FROM migrations',
  `COPY users TO PROGRAM 'cat'`,
  'ALTER TABLE shows DISABLE TRIGGER ALL',
  'SET session_replication_role = replica',
];

const suite = isDistributed() ? null : true;
describeWhere('the role of API and worker', suite, 'on Citus there is one role', () => {
  const secret = "p@ss/word#1 'x'";
  const application = `app-${randomBytes(6).toString('hex')}`;
  const owner = `owner_${randomBytes(6).toString('hex')}`;
  const madeByAdministrator = `made_${randomBytes(6).toString('hex')}`;
  let database: TestDatabase;
  let name: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    name = new URL(database.url).pathname.slice(1);
  });
  afterAll(async () => {
    const drop = async (role: string) => {
      const [found] = await database.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      if (found) await database.query(`DROP OWNED BY "${role}" CASCADE; DROP ROLE "${role}"`);
    };
    await drop(application);
    await drop(madeByAdministrator);
    await database.query(`ALTER DATABASE ${name} OWNER TO CURRENT_USER`);
    await drop(owner);
    await database.drop();
  });

  const urlOf = (username: string, password: string) => {
    const url = new URL(database.url);
    url.username = encodeURIComponent(username);
    url.password = encodeURIComponent(password);
    return url.href;
  };
  const migrate = (applicationUrl: string, migrationUrl?: string) =>
    run(process.execPath, ['apps/api/dist/commands/migrate.js'], {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: applicationUrl,
        ...(migrationUrl && { DATABASE_MIGRATION_URL: migrationUrl }),
      },
    });
  const as = async (url: string, sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows as unknown[];
    } finally {
      await client.end();
    }
  };

  it('is made by the migration, with its password, its rights and its time-outs', async () => {
    const url = urlOf(application, secret);
    await expect(checkDatabase(url, 'test')).rejects.toThrow(
      /password authentication failed .*a role that does not exist is refused like this; "npm run db:migrate" makes it/,
    );
    await migrate(url, database.url);
    expect(await checkDatabase(url, 'test')).toEqual([]);
    expect(
      await as(
        url,
        `SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
                current_setting('lock_timeout') AS lock
         FROM pg_roles WHERE rolname = current_user`,
      ),
    ).toEqual([
      {
        ...{ rolsuper: false, rolcreatedb: false, rolcreaterole: false },
        ...{ rolreplication: false, rolbypassrls: false, lock: '5s' },
      },
    ]);
    // A second time nothing is left to do, and another password changes nothing.
    await migrate(urlOf(application, 'another'), database.url);
    expect(await checkDatabase(url, 'test')).toEqual([]);
  });

  it.each(FORBIDDEN)('may not %s', async (sql) => {
    await expect(as(database.applicationUrl, sql)).rejects.toMatchObject({
      code: expect.stringMatching(/^42501$/),
    });
  });

  it('has its rights on the tables of later migrations', async () => {
    await database.query('CREATE TABLE later (id bigserial)');
    await as(urlOf(application, secret), 'INSERT INTO later DEFAULT VALUES');
    expect(await as(urlOf(application, secret), 'DELETE FROM later RETURNING id')).toHaveLength(1);
    await database.query('DROP TABLE later');
  });

  it('is named in a warning where it is a superuser', async () => {
    expect(await checkDatabase(database.url, 'test')).toEqual([
      expect.stringMatching(/^The role modex that DATABASE_URL names is a superuser/),
    ]);
  });

  it('may be the one that migrates, on a database with one URL', async () => {
    await database.query(`CREATE ROLE ${owner} LOGIN PASSWORD 'own'`);
    await database.query(`ALTER DATABASE ${name} OWNER TO ${owner}`);
    for (const { table } of await database.query<{ table: string }>(
      `SELECT format('%I', tablename) AS table FROM pg_tables WHERE schemaname = 'public'`,
    )) {
      await database.query(`ALTER TABLE ${table} OWNER TO ${owner}`);
    }
    await migrate(urlOf(owner, 'own'));
    expect(await checkDatabase(urlOf(owner, 'own'), 'test')).toEqual([]);
  });

  it('is asked of an administrator where the owner may not make it', async () => {
    await expect(migrate(urlOf('somebody', 'x'), urlOf(owner, 'own'))).rejects.toThrow(
      /The role owner_.* may not prepare the role somebody that DATABASE_URL names .*CREATE ROLE somebody LOGIN/,
    );
  });

  it('is left as an administrator made it, where the owner may not change it', async () => {
    await database.query(`CREATE ROLE ${madeByAdministrator} LOGIN PASSWORD 'x'`);
    const migrateForIt = () => migrate(urlOf(madeByAdministrator, 'x'), urlOf(owner, 'own'));
    await expect(migrateForIt()).rejects.toThrow(/may not prepare the role made_/);
    for (const setting of Object.keys(ROLE_TIMEOUTS)) {
      await database.query(
        `ALTER ROLE ${madeByAdministrator} IN DATABASE ${name} SET ${setting} = '7s'`,
      );
    }
    await migrateForIt();
    expect(await checkDatabase(urlOf(madeByAdministrator, 'x'), 'test')).toEqual([]);
  });
});
