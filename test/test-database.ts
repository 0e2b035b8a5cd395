import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { setRoleTimeouts, type RoleTimeouts } from '../libs/domain/src/database/role-timeouts.js';
import { copyDistributed, dropDistributed, isDistributed } from './citus-cluster.mjs';

/** Made by the global set-up. */
const TEMPLATE = 'modex_template';

/** A database of one's own: migrated, empty, and gone when the test is. */
export interface TestDatabase {
  url: string;
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
  // A role's settings are not among what is copied.
  await onServer(url, (query) => setRoleTimeouts({ query }, timeouts));
  return openTestDatabase(url.href, () =>
    isDistributed()
      ? dropDistributed(server, name)
      : onServer(server, (query) => query(`DROP DATABASE ${name} WITH (FORCE)`)),
  );
}

/** A migrated database that is there already. @param remove what `drop` does with it */
export function openTestDatabase(url: string, remove: () => Promise<void>): TestDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => {});
  return {
    url,
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
