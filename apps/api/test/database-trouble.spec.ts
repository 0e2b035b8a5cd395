import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.js';

const READY_WITHIN_MS = 8_000;

/** What an operator, or a provider, does to a database, and how it is undone. */
const TROUBLES: [title: string, breaks: string, mends: string][] = [
  [
    'a changed password (28P01)',
    `ALTER ROLE $role PASSWORD 'new'`,
    `ALTER ROLE $role PASSWORD 'old'`,
  ],
  ['a role that may not log in (28000)', 'ALTER ROLE $role NOLOGIN', 'ALTER ROLE $role LOGIN'],
  [
    'no connection left for the role (53300)',
    'ALTER ROLE $role CONNECTION LIMIT 0',
    'ALTER ROLE $role CONNECTION LIMIT -1',
  ],
  [
    'no right to the database (42501)',
    'REVOKE CONNECT ON DATABASE $database FROM PUBLIC',
    'GRANT CONNECT ON DATABASE $database TO PUBLIC',
  ],
  [
    'a database that was renamed (3D000)',
    'ALTER DATABASE $database RENAME TO $database_lost',
    'ALTER DATABASE $database_lost RENAME TO $database',
  ],
  [
    'a database that takes no connections (55000)',
    'ALTER DATABASE $database ALLOW_CONNECTIONS false',
    'ALTER DATABASE $database ALLOW_CONNECTIONS true',
  ],
  [
    'a database that was made read-only (25006)',
    'ALTER DATABASE $database SET default_transaction_read_only = on',
    'ALTER DATABASE $database RESET default_transaction_read_only',
  ],
];

describe('a database that lets nobody in, or nobody write', () => {
  const role = `clerk_${randomBytes(6).toString('hex')}`;
  let database: TestDatabase;
  let name: string;
  let elsewhere: TestDatabase;
  let installation: Installation;
  let api: ApiProcess;
  let ada: ApiClient;
  let showId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = new URL(database.url);
    name = url.pathname.slice(1);
    // Asked from here, since the other may be renamed.
    elsewhere = await createTestDatabase();
    await createRole();
    Object.assign(url, { username: role, password: 'old' });
    installation = Installation.on(database, { DATABASE_URL: url.href });
    api = await installation.startApi();
    const admin = await api.client().registerAdmin();
    showId = (await admin.createShow({ totalSlots: 100 })).id;
    ada = await api.client().register('ada@example.com');
  });
  afterAll(async () => {
    await installation.stop();
    await elsewhere.query(`DROP ROLE ${role}`);
    await elsewhere.drop();
  });

  async function createRole(): Promise<void> {
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'old'`);
    await database.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
    );
    await database.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
    for (const [setting, value] of [
      ['lock_timeout', '5s'],
      ['statement_timeout', '10s'],
      ['idle_in_transaction_session_timeout', '15s'],
    ]) {
      await database.query(`ALTER ROLE ${role} IN DATABASE ${name} SET ${setting} = '${value}'`);
    }
  }

  const ask = (sql: string) =>
    elsewhere.query(sql.replaceAll('$role', role).replaceAll('$database', name));
  const endSessions = async () => {
    await ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$database'`);
    // Until the process has noticed.
    await sleep(200);
  };

  const login = () =>
    api.client().request('POST', '/api/v1/auth/login', {
      body: { email: 'ada@example.com', password: 'correct horse battery' },
    });
  const outcome = async (answer: Promise<{ status: number; body: object }>) => {
    const { status, body } = await answer;
    return `${status} ${(body as { code?: string }).code ?? 'ok'}`;
  };
  const ready = () => api.client().request('GET', '/health/ready');

  it.each(TROUBLES)(
    'is 503 and not ready, and comes back by itself: %s',
    async (_, breaks, mends) => {
      // Nobody connects between the end of the sessions and the change: a renaming would be refused.
      await ask('ALTER ROLE $role NOLOGIN');
      await endSessions();
      await eventually(() => ask(breaks).then(() => {}));
      if (!breaks.endsWith('NOLOGIN')) await ask('ALTER ROLE $role LOGIN');
      await endSessions();
      try {
        const answers = [ada.hold(showId), login(), ada.request('GET', '/api/v1/bookings')];
        const [hold, session, read] = await Promise.all(answers.map(outcome));
        expect({ hold, session }).toEqual({ hold: '503 UNAVAILABLE', session: '503 UNAVAILABLE' });
        expect(read).toMatch(/^(503 UNAVAILABLE|200 ok)$/);
        expect(await outcome(ready())).toBe('503 UNAVAILABLE');
      } finally {
        await ask(mends);
      }
      await eventually(async () => expect((await ready()).status).toBe(200), READY_WITHIN_MS);
      expect(await outcome(ada.hold(showId))).toBe('201 ok');
      // A session that began read-only ends with the first write that it refuses.
      await eventually(async () => expect(await outcome(login())).toBe('200 ok'));
    },
  );

  it('is 503 and not ready while tables may not be written (42501)', async () => {
    await database.query(`REVOKE INSERT ON bookings FROM ${role}`);
    expect(await outcome(ada.hold(showId))).toBe('503 UNAVAILABLE');
    expect(await outcome(ready())).toBe('503 UNAVAILABLE');
    await sleep(3_000);
    expect(await outcome(ready())).toBe('503 UNAVAILABLE');
    await database.query(`GRANT INSERT ON bookings TO ${role}`);
    await eventually(async () => expect((await ready()).status).toBe(200), READY_WITHIN_MS);
    expect(await outcome(ada.hold(showId))).toBe('201 ok');
  });
});

describe('a process that was paused', () => {
  it('answers nobody 500 whose session the server has ended meanwhile', async () => {
    const timeouts = { idle_in_transaction_session_timeout: '500ms' };
    const installation = await Installation.create({}, timeouts);
    try {
      const api = await installation.startApi();
      const admin = await api.client().registerAdmin();
      const ids = await Promise.all(
        Array.from({ length: 20 }, async () => (await admin.createShow({ totalSlots: 999 })).id),
      );
      const statuses = new Map<number, number>();
      for (let round = 0; round < 3; round++) {
        let buying = true;
        const buyers = ids.map(async (id) => {
          while (buying) {
            const { status } = await admin.hold(id);
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          }
        });
        await sleep(150);
        api.process.freeze();
        await sleep(900);
        api.process.thaw();
        await sleep(100);
        buying = false;
        await Promise.all(buyers);
      }
      expect([...statuses.keys()].filter((status) => status !== 201 && status !== 503)).toEqual([]);
    } finally {
      await installation.stop();
    }
  });
});
