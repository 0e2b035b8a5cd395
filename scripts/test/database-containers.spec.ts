import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { ContainerScript } from '../../test/container-script.js';
import { eventually } from '../../test/eventually.js';
import { describeWith } from '../../test/optional.js';
import { findPostgres, NO_POSTGRES } from '../../test/postgres-server.js';
import { findPgBouncer } from '../cluster/find-programs.mjs';
import { Place } from '../cluster/place.mjs';
import { lastingPort } from '../launcher/ports.mjs';
import { ROOT } from './launcher-process.js';

const PASSWORD = 'opensesame';
const START_MS = 30_000;

describeWith('the containers around PostgreSQL', findPostgres(), NO_POSTGRES, (programs) => {
  let place: Place;
  let home: string;
  let primaryPort: number;
  let primary: ContainerScript;
  let replica: ContainerScript | undefined;

  beforeAll(async () => {
    place = await Place.create();
    home = place.folder;
    // Its user might not get into this clone.
    fs.cpSync(join(ROOT, 'deploy'), join(home, 'deploy'), { recursive: true });
    const password = place.writeFile('password', PASSWORD);
    const initialise = spawnSync(
      join(programs, 'initdb'),
      ['-D', join(home, 'primary'), '-U', 'modex', '--pwfile', password, '-N'],
      { ...place.user, cwd: home, env: { LC_ALL: 'C' } },
    );
    if (initialise.status !== 0) throw new Error(String(initialise.stderr));
    primaryPort = await lastingPort();
    fs.writeFileSync(join(home, 'start.sh'), 'exec "$@"\n');
    primary = run(join(home, 'start.sh'), server(primaryPort, '-D', join(home, 'primary')), {});
    await eventually(async () => {
      await ask(primaryPort, 'CREATE TABLE seen (name text)');
    }, START_MS);
  });

  afterAll(async () => {
    await replica?.stop('SIGINT');
    await primary?.stop('SIGINT');
    place?.remove();
  });

  function run(script: string, args: string[], env: NodeJS.ProcessEnv): ContainerScript {
    return new ContainerScript(script, args, { env, cwd: home, user: place.user, programs });
  }

  /** The server as the containers have it, but for what is Docker's. */
  function server(port: number, ...args: string[]): string[] {
    const settings = {
      config_file: join(home, 'deploy/postgres/postgresql.conf'),
      hba_file: join(home, 'deploy/postgres/pg_hba.conf'),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      shared_buffers: '32MB',
      fsync: 'off',
      port: String(port),
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return ['postgres', ...args, ...options];
  }

  async function ask<Row>(port: number, sql: string, to: Partial<pg.ClientConfig> = {}) {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port, user: 'modex', password: PASSWORD, database: 'postgres' },
      ...to,
    });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  function startReplica(port: number, name = 'replica'): ContainerScript {
    return run(join(home, 'deploy/postgres/replica.sh'), server(port), {
      PRIMARY_HOST: '127.0.0.1',
      PRIMARY_PORT: String(primaryPort),
      PGPASSWORD: PASSWORD,
      PGDATA: join(home, 'volume', name),
    });
  }

  async function expectShown(port: number, name: string): Promise<void> {
    await ask(primaryPort, `INSERT INTO seen VALUES ('${name}')`);
    await eventually(async () => {
      const rows = await ask(port, `SELECT pg_is_in_recovery() FROM seen WHERE name = '${name}'`);
      expect(rows).toEqual([{ pg_is_in_recovery: true }]);
    }, START_MS);
  }

  it('a replica copies the primary, follows it, and writes no password down', async () => {
    // What a copy leaves behind that was interrupted.
    place.makeFolder('volume');
    place.makeFolder('volume/replica.part');
    place.writeFile('volume/replica.part/PG_VERSION', '9\n');
    const port = await lastingPort();
    replica = startReplica(port);
    await expectShown(port, 'first');
    expect(spawnSync('grep', ['-rl', PASSWORD, join(home, 'volume')]).stdout.toString()).toBe('');

    await replica.stop('SIGINT');
    // A new copy would not have it.
    const mark = join(home, 'volume/replica/mark');
    fs.writeFileSync(mark, '');
    replica = startReplica(port);
    await expectShown(port, 'second');
    expect(fs.existsSync(mark)).toBe(true);
  }, 90_000);

  it('a replica that was promoted stays a primary when it is started again', async () => {
    const port = await lastingPort();
    let promoted = startReplica(port, 'promoted');
    try {
      await expectShown(port, 'before');
      await ask(port, 'SELECT pg_promote()');
      await promoted.stop('SIGINT');
      promoted = startReplica(port, 'promoted');
      await eventually(async () => {
        await ask(port, "INSERT INTO seen VALUES ('after')");
      }, START_MS);
    } finally {
      await promoted.stop('SIGINT');
    }
  }, 90_000);

  it('a replica waits for a primary that is not there yet', async () => {
    const waiting = run(join(home, 'deploy/postgres/replica.sh'), server(await lastingPort()), {
      PRIMARY_HOST: '127.0.0.1',
      PRIMARY_PORT: String(await lastingPort()),
      PGPASSWORD: PASSWORD,
      PGDATA: join(home, 'volume/early'),
    });
    await eventually(() => expect(waiting.output).toContain('cannot be copied; trying again'));
    await waiting.stop();
  });

  const pgbouncer = findPgBouncer(process.env) ?? null;
  describeWith('PgBouncer', pgbouncer, 'there is no pgbouncer on PATH', () => {
    it('lets in who knows the password, and lends the server its connections', async () => {
      const port = await lastingPort();
      const folder = join(home, 'deploy/pgbouncer');
      fs.writeFileSync(
        join(folder, 'listen.ini'),
        `listen_addr = 127.0.0.1\nlisten_port = ${port}\n`,
      );
      await ask(primaryPort, 'CREATE DATABASE modex');
      // What another start leaves behind.
      const own = place.makeFolder('modex-pgbouncer');
      place.writeFile('modex-pgbouncer/earlier', 'another password');
      const pooler = run(join(folder, 'start.sh'), [], {
        TMPDIR: home,
        PRIMARY_HOST: '127.0.0.1',
        PRIMARY_PORT: String(primaryPort),
        POSTGRES_PASSWORD: PASSWORD,
        POSTGRES_APP_PASSWORD: 'of the application',
      });
      try {
        await eventually(async () => {
          await ask(port, 'SELECT 1', { database: 'modex' });
        }, 10_000);
        const stranger = { database: 'modex', password: 'guess' };
        await expect(ask(port, 'SELECT 1', stranger)).rejects.toThrow('authentication failed');
        await ask(primaryPort, `CREATE ROLE modex_app LOGIN PASSWORD 'of the application'`);
        const application = { user: 'modex_app', password: 'of the application' };
        await ask(port, 'SELECT 1', { database: 'modex', ...application });
        await expect(
          ask(port, 'RECONNECT', { database: 'pgbouncer', ...application }),
        ).rejects.toThrow();
        // What operators do after a migration; it throws where it is refused.
        await ask(port, 'RECONNECT', { database: 'pgbouncer' });
        expect(pooler.output).not.toContain(PASSWORD);
        expect(fs.existsSync(join(own, 'earlier'))).toBe(false);
        expect(fs.statSync(own).mode & 0o777).toBe(0o700);
      } catch (error) {
        throw new Error(pooler.output, { cause: error });
      } finally {
        expect(await pooler.stop('SIGINT')).toBe(0);
      }
    });
  });
});
