import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { setRoleTimeouts, type RoleTimeouts } from '../libs/domain/src/database/role-timeouts.js';
import { APPLICATION } from './application-role.mjs';
import { copyDistributed, dropDistributed, isDistributed } from './citus-cluster.mjs';

/** Both are made by the global set-up. */
const TEMPLATE = 'modex_template';
const APPLICATION_ROLE = APPLICATION.username;

/** A database of one's own: migrated, empty, and gone when the test is. */
export interface TestDatabase {
  /** As its owner, a superuser. */
  url: string;
  /** As the role of API and worker. */
  applicationUrl: string;
  query: <Row>(sql: string, parameters?: unknown[]) => Promise<Row[]>;
  /** Locks a show's row, as somebody at the database's own prompt might; resolves to the way to let go. */
  lockShow: (showId: string) => Promise<() => Promise<void>>;
  drop: () => Promise<void>;
}

/** @param timeouts of the role in this database, where a test wants to wait less */
export async function createTestDatabase(
  timeouts: Partial<RoleTimeouts> = {},
): Promise<TestDatabase> {
  const server = new URL(process.env['MODEX_TEST_DATABASE_URL']!);
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  if (isDistributed()) await copyDistributed(server, name, TEMPLATE);
  else await onServer(server, (query) => query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  // A role's settings are not among what is copied, and the database's own rights neither.
  await onServer(url, async (query) => {
    await setRoleTimeouts({ query }, timeouts);
    if (isDistributed()) return;
    await setRoleTimeouts({ query }, timeouts, APPLICATION_ROLE);
    await query(`REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
  });
  const remove = () =>
    isDistributed()
      ? dropDistributed(server, name)
      : onServer(server, (query) => query(`DROP DATABASE ${name} WITH (FORCE)`));
  return openTestDatabase(url.href, remove, isDistributed() ? url.href : applicationUrl(url.href));
}

/** The same database as the role that the global set-up has made. */
function applicationUrl(url: string): string {
  return Object.assign(new URL(url), APPLICATION).href;
}

/**
 * A migrated database that is there already.
 * @param remove what `drop` does with it
 * @param applicationUrl where API and worker have a role of their own
 */
export function openTestDatabase(
  url: string,
  remove: () => Promise<void>,
  applicationUrl = url,
): TestDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => {});
  return {
    url,
    applicationUrl,
    query: async <Row>(sql: string, parameters?: unknown[]) =>
      (await pool.query(sql, parameters)).rows as Row[],
    lockShow: async (showId) => {
      const client = new pg.Client({ connectionString: url });
      // A test that failed before it let go has its database taken from under it.
      client.on('error', () => {});
      await client.connect();
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM shows WHERE id = $1 FOR UPDATE', [showId]);
      return () => client.end();
    },
    drop: async () => {
      await pool.end();
      await remove();
    },
  };
}

type Query = (sql: string, parameters?: unknown[]) => Promise<unknown[]>;

async function onServer(url: URL, work: (query: Query) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await work(async (sql, parameters) => (await client.query(sql, parameters)).rows as unknown[]);
  } finally {
    await client.end();
  }
}
