import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Place } from '../../../scripts/cluster/place.mjs';
import { lastingPort } from '../../../scripts/launcher/ports.mjs';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { describeWith } from '../../../test/optional.js';
import { findPostgres, NO_POSTGRES, PostgresServer } from '../../../test/postgres-server.js';
import { mountMemory, NO_MOUNT, type SmallDisk } from '../../../test/small-disk.js';
import { openTestDatabase } from '../../../test/test-database.js';

const run = promisify(execFile);

/** What is left free when the disk is filled: less than the 8 kB by which a table grows. Bytes. */
const LEFT = 4_096;

const programs = findPostgres();
const needed = programs !== null && process.getuid?.() === 0 ? programs : null;

describeWith('a full disk', needed, programs === null ? NO_POSTGRES : NO_MOUNT, (programs) => {
  let place: Place;
  let disk: SmallDisk;
  let server: PostgresServer;
  let installation: Installation;
  let api: ApiProcess;
  let ada: ApiClient;
  beforeAll(async () => {
    place = await Place.create();
    disk = await mountMemory(place.makeFolder('server'), '128m', place);
    server = new PostgresServer(programs, place, 'server', await lastingPort());
    await server.initialise();
    await server.start();
    await server.query('postgres', 'CREATE DATABASE modex');
    const url = server.url('modex');
    await run(process.execPath, ['apps/api/dist/commands/migrate.js'], {
      env: { ...process.env, DATABASE_URL: url },
    });
    installation = Installation.on(openTestDatabase(url, () => server.stop('immediate')));
    api = await installation.startApi();
    ada = await api.client().registerAdmin();
  }, 60_000);
  afterAll(async () => {
    await installation?.stop();
    await server?.stop('immediate');
    await disk?.unmount();
    place?.remove();
  });

  const ready = async () => (await api.client().request('GET', '/health/ready')).status;

  it('is 503 and not ready until there is room again, and costs nobody a booking', async () => {
    const { id } = await ada.createShow({ totalSlots: 100_000 });
    const filler = join(place.folder, 'server', 'filler');
    const { bavail, bsize } = await statfs(join(place.folder, 'server'));
    await writeFile(filler, Buffer.alloc(bavail * bsize - LEFT));
    let held = 0;
    await eventually(async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => ada.hold(id)));
      held += answers.filter(({ status }) => status === 201).length;
      const refused = answers.filter(({ status }) => status !== 201);
      const codes = new Set(refused.map(({ status, body }) => `${status} ${String(body['code'])}`));
      expect([...codes]).toEqual(['503 UNAVAILABLE']);
    }, 20_000);
    expect(await ready()).toBe(503);
    // The probe sees the disk too.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await ready()).toBe(503);
    const complaints = api.process.log.filter(({ msg }) => msg === 'the database takes no writes');
    expect(complaints).toHaveLength(1);
    expect(complaints[0]!['reason']).toMatch(/\(53100\)/);

    await rm(filler);
    await eventually(async () => expect(await ready()).toBe(200));
    expect((await ada.hold(id)).status).toBe(201);
    expect(await ada.show(id)).toMatchObject({ heldSlots: held + 1 });
    expect(await installation.audit()).toMatch(/drift in 0/);
  });
});
