import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { Installation } from '../../test/installation.js';
import { describeWith } from '../../test/optional.js';
import { findPostgres, NO_POSTGRES } from '../../test/postgres-server.js';
import { openTestDatabase } from '../../test/test-database.js';
import { findPgBouncer } from '../cluster/find-programs.mjs';
import { PgBouncer } from '../cluster/pgbouncer.mjs';
import { Place } from '../cluster/place.mjs';
import { PostgresServer } from '../cluster/postgres.mjs';
import { lastingPort } from '../launcher/ports.mjs';
import { builtPrograms } from '../launcher/programs.mjs';
import { ROOT } from './launcher-process.js';

const run = promisify(execFile);

/** The commands that the runbook gives. */
function commandsOfTheRunbook(): string {
  const runbook = readFileSync(join(ROOT, 'docs', 'runbook.md'), 'utf8');
  const section = runbook.slice(runbook.indexOf('## Restoring a backup'));
  return /```sh\n([\s\S]*?)```/.exec(section)![1]!;
}

const postgres = findPostgres();
const pooler = findPgBouncer(process.env) ?? null;
const needed = postgres !== null && pooler !== null ? { postgres, pgbouncer: pooler } : null;
const missing = postgres === null ? NO_POSTGRES : 'there is no pgbouncer on PATH';

describeWith('restoring a dump behind PgBouncer', needed, missing, (programs) => {
  let place: Place;
  let primary: PostgresServer;
  let pgbouncer: PgBouncer;
  let installation: Installation;
  const password = randomBytes(12).toString('hex');
  const applicationPassword = randomBytes(12).toString('hex');

  beforeAll(async () => {
    place = await Place.create();
    const common = { place, password, applicationPassword, root: ROOT };
    const port = await lastingPort();
    primary = new PostgresServer({
      ...common,
      name: 'primary',
      programs: programs.postgres,
      passwordFile: place.writeFile('password', password),
      port,
    });
    pgbouncer = PgBouncer.create({
      ...common,
      programs,
      port: await lastingPort(),
      serverPort: port,
    });
    await primary.initialise();
    await primary.start();
    await primary.createDatabase();
    await run(process.execPath, [builtPrograms(ROOT).migrate], {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: primary.applicationUrl,
        DATABASE_MIGRATION_URL: primary.url,
      },
    });
    await pgbouncer.start();
    installation = Installation.on(
      openTestDatabase(primary.url, () => Promise.resolve(), pgbouncer.url),
      { DATABASE_DIRECT_URL: primary.applicationUrl },
    );
  }, 90_000);
  afterAll(async () => {
    await installation?.stop();
    await pgbouncer?.stop();
    await primary?.stop();
    place?.remove();
  });

  it('works by the commands of the runbook', async () => {
    const api = await installation.startApi();
    const ada = await api.client().registerAdmin();
    const { id } = await ada.createShow({ totalSlots: 10 });
    expect((await ada.hold(id, 3)).status).toBe(201);
    const libpq = {
      PATH: `${programs.postgres}:${process.env['PATH']}`,
      HOME: process.env['HOME'],
      PGPASSWORD: password,
    };
    const dump = join(place.folder, 'modex.dump');
    const source = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'modex'];
    await run('pg_dump', ['-Fc', ...source, '-f', dump, 'modex'], { env: libpq });
    await ada.hold(id, 2);
    await api.process.stop();
    // The test's own.
    const sessions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'modex' AND datname = 'modex'`;
    await run('psql', [...source, '-d', 'postgres', '-c', sessions], { env: libpq });

    // What its idle connections are in the way of.
    const rename = ['-d', 'postgres', '-c', 'ALTER DATABASE modex RENAME TO other'];
    await expect(run('psql', [...source, ...rename], { env: libpq })).rejects.toThrow(
      'is being accessed by other users',
    );
    const commands = commandsOfTheRunbook().replace('modex.dump', dump);
    await run('sh', ['-c', commands], {
      cwd: ROOT,
      env: {
        ...libpq,
        PRIMARY_HOST: '127.0.0.1',
        PRIMARY_PORT: String(primary.port),
        POOLER_HOST: '127.0.0.1',
        POOLER_PORT: new URL(pgbouncer.url).port,
        APP_PASSWORD: applicationPassword,
      },
    });

    const again = await installation.startApi();
    const { body: show } = await again.client().request('GET', `/api/v1/shows/${id}`);
    expect(show).toMatchObject({ heldSlots: 3, availableSlots: 7 });
    const client = new pg.Client({ connectionString: pgbouncer.url });
    await client.connect();
    const { rows } = await client.query(
      `SELECT current_setting('lock_timeout') AS lock, current_user AS role`,
    );
    await client.end();
    expect(rows).toEqual([{ lock: '5s', role: 'modex_app' }]);
  }, 90_000);
});
