import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../launcher/embedded-postgres.mjs';
import { identify } from '../launcher/process-identity.mjs';
import { removeDataDir, temporaryDataDir } from './launcher-process.js';

const TIMEOUT = 60_000;
const runsAsRoot = process.getuid?.() === 0;

describe('EmbeddedPostgres', () => {
  let dataDir: string;
  let postgres: EmbeddedPostgres;

  beforeEach(() => {
    dataDir = temporaryDataDir();
  });

  afterEach(async () => {
    await postgres.destroy();
    removeDataDir(dataDir);
  }, TIMEOUT);

  async function create(): Promise<EmbeddedPostgres> {
    postgres = await EmbeddedPostgres.create({ dataDir, settings: { fsync: 'off' } });
    return postgres;
  }

  it(
    'makes a database that knows the letters of every language, and listens on loopback only',
    async () => {
      await (await create()).start();
      const [row] = await query(
        postgres.url(),
        `SELECT current_database() AS name, lower('ÅÑЖ') AS lower,
                current_setting('listen_addresses') AS addresses, current_setting('fsync') AS fsync`,
      );
      expect(row).toEqual({ name: 'modex', lower: 'åñж', addresses: '127.0.0.1', fsync: 'off' });
    },
    TIMEOUT,
  );

  it(
    'is given a password for the role of API and worker where an earlier release made none',
    async () => {
      await create();
      const file = join(postgres.home, 'application-password');
      const first = readFileSync(file, 'utf8');
      await create();
      expect(readFileSync(file, 'utf8')).toBe(first);
      rmSync(file);
      await create();
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(postgres.applicationUrl).toContain(`modex_app:${readFileSync(file, 'utf8')}@`);
    },
    TIMEOUT,
  );

  it(
    'keeps its data over a restart, also after its starter was killed without stopping it',
    async () => {
      await (await create()).start();
      await query(postgres.url(), 'CREATE TABLE kept AS SELECT 42 AS answer');
      const first = postgres;
      await (await create()).start();
      expect(await first.exited).toBe('exit code 0');
      expect(await query(postgres.url(), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    },
    TIMEOUT,
  );

  it(
    'starts over a lock file whose process id belongs to a stranger by now, and spares the stranger',
    async () => {
      await (await create()).start();
      await postgres.stop();
      const data = join(postgres.home, 'data');
      const { uid, gid } = statSync(data);
      // With the same user as the server, for which PostgreSQL itself would refuse.
      const stranger = spawn('sleep', ['60'], runsAsRoot ? { uid, gid } : {});
      const lock = [stranger.pid, data, 1, 5432, '', '127.0.0.1', '1 1', 'ready', ''];
      writeFileSync(join(data, 'postmaster.pid'), lock.join('\n'));
      await postgres.start();
      expect(await query(postgres.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(identify(stranger.pid!)).not.toBeNull();
      stranger.kill();
    },
    TIMEOUT,
  );

  it(
    runsAsRoot
      ? 'moves its files out of a folder that its user cannot enter'
      : 'stays in a folder that nobody else can enter',
    async () => {
      chmodSync(dataDir, 0o700);
      await (await create()).start();
      expect(postgres.isOutside).toBe(runsAsRoot);
      expect(await query(postgres.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await postgres.stop();
      const again = await create();
      expect(existsSync(join(again.home, 'data', 'PG_VERSION'))).toBe(true);
    },
    TIMEOUT,
  );
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
