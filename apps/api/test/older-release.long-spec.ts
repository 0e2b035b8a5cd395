import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { describeWhere } from '../../../test/optional.js';
import {
  commitBeforeNewestMigration,
  migrationsOfToday,
  OlderRelease,
} from './support/older-release.js';

const NO_HISTORY =
  'this copy of the code comes without the history from before the newest migration';

describeWhere(
  'an API from before the newest migration, on the schema of today',
  commitBeforeNewestMigration(),
  NO_HISTORY,
  (commit) => {
    let release: OlderRelease;
    let installation: Installation;
    let older: ApiProcess;
    let newer: ApiProcess;
    let admin: ApiClient;
    beforeAll(async () => {
      [release, installation] = await Promise.all([
        OlderRelease.build(commit),
        Installation.create(),
      ]);
      [older, newer] = await Promise.all([
        installation.startApi({}, release.folder),
        installation.startApi(),
      ]);
      await installation.startWorker();
      admin = await older.client().registerAdmin();
    }, 180_000);
    afterAll(async () => {
      await installation?.stop();
      release?.remove();
    });

    it('knows fewer migrations', () => {
      expect(migrationsOfToday().length).toBeGreaterThan(release.migrations.length);
      expect(migrationsOfToday()).toEqual(expect.arrayContaining(release.migrations));
    });

    it('does all that it could, beside one of today', async () => {
      const { id } = await admin.createShow({ totalSlots: 10 });
      const email = `${randomUUID()}@example.com`;
      const ada = await older.client().register(email);
      const key = randomUUID();
      const held = await ada.hold(id, 3, key);
      expect(held.status).toBe(201);
      // What one has begun, the other carries on, both ways.
      const adaThere = newer.client(ada.accessToken);
      expect(await adaThere.hold(id, 3, key)).toMatchObject({
        status: 201,
        body: { id: held.body.id },
      });
      expect((await adaThere.act('confirm', held.body.id)).status).toBe(200);
      const { body: second } = await adaThere.hold(id, 2);
      expect((await ada.act('confirm', second.id)).status).toBe(200);
      expect((await ada.act('cancel', held.body.id)).status).toBe(200);
      const edit = { body: { title: 'Edited' } };
      expect((await admin.request('PATCH', `/api/v1/shows/${id}`, edit)).status).toBe(200);
      const lists = [older, newer].map((api) =>
        api.client(ada.accessToken).request('GET', '/api/v1/bookings'),
      );
      for (const { status, body } of await Promise.all(lists)) {
        expect(status).toBe(200);
        expect(body.data).toHaveLength(2);
      }
      await eventually(async () => {
        for (const api of [older, newer]) {
          expect(await api.client().show(id)).toMatchObject({
            title: 'Edited',
            availableSlots: 8,
            heldSlots: 0,
          });
        }
      });
      const cancelled = await admin.request('POST', `/api/v1/shows/${id}/cancel`);
      expect(cancelled.status).toBe(200);
      expect(await installation.audit()).toMatch(/drift in 0/);
    });

    it('leaves events that the worker of today hands on', async () => {
      await eventually(async () => {
        const open = await installation.database.query(
          'SELECT type FROM outbox WHERE published_at IS NULL',
        );
        expect(open).toEqual([]);
      }, 10_000);
      const [events] = await installation.database.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM outbox',
      );
      expect(events!.count).toBeGreaterThan(6);
    });
  },
);
