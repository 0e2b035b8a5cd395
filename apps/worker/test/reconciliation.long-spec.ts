import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { LiveClient } from '../../../test/live-client.js';
import { metric } from '../../../test/metric.js';
import type { ServerProcess } from '../../../test/server-process.js';

const KILLS = 3;
/** Reconciliation runs every 3 s on commits older than 1 s; and the delivery to the client. */
const RECONCILED_WITHIN_MS = 6_000;

describe('reconciliation', () => {
  let installation: Installation;
  let api: ApiProcess;
  let worker: ServerProcess;
  let admin: ApiClient;
  let ada: ApiClient;
  let watcher: LiveClient;
  beforeAll(async () => {
    installation = await Installation.create();
    [api, worker] = await Promise.all([installation.startApi(), installation.startWorker()]);
    admin = await api.client().registerAdmin();
    ada = await api.client().register();
    watcher = await LiveClient.connect(api.url);
  });
  afterAll(async () => {
    watcher.close();
    await installation.stop();
  });

  /** Shows that the worker has published because their own process had not. */
  const reconciled = () => {
    const metricsUrl = `http://127.0.0.1:${String(worker.started['port'])}/metrics`;
    return metric({ metricsUrl }, 'modex_reconciled_shows_total');
  };

  it('publishes what a process committed before kill -9, in the middle of a sale', async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const { id } = await admin.createShow({ totalSlots: 100 });
      const victim = await installation.startApi();
      const buyer = victim.client(ada.accessToken);
      for (let i = 0; i < 20; i++) expect((await buyer.hold(id)).status).toBe(201);
      await victim.process.stop('SIGKILL');
      await eventually(() => {
        expect(watcher.counters(id)).toMatchObject({ availableSlots: 80, version: 21 });
      }, RECONCILED_WITHIN_MS);
    }
    // Otherwise every kill came after its flush, and nothing was tested.
    expect(await reconciled()).toBeGreaterThan(0);
  }, 60_000);

  it('publishes edits as edits', async () => {
    const before = await reconciled();
    // An edit that was published before the kill tests nothing: then once more.
    for (let kill = 0; kill < 5 && (await reconciled()) === before; kill++) {
      const { id } = await admin.createShow();
      const victim = await installation.startApi();
      const organiser = victim.client(admin.accessToken);
      const edit = (title: string) =>
        organiser.request('PATCH', `/api/v1/shows/${id}`, { body: { title } });
      const received = () => watcher.updates.filter(({ changed }) => changed?.includes(id)).length;
      await eventually(() => expect(received()).toBe(1));
      await edit('Published at once');
      await eventually(() => expect(received()).toBe(2));
      await edit('Not published: too soon after the one before');
      await victim.process.stop('SIGKILL');
      await eventually(() => expect(received()).toBe(3), RECONCILED_WITHIN_MS);
    }
    expect(await reconciled()).toBeGreaterThan(before);
  }, 60_000);

  it('publishes nothing else', async () => {
    // Everything that the kills left is reconciled by now.
    await sleep(5_000);
    const before = await reconciled();
    const { id } = await admin.createShow();
    for (let i = 0; i < 5; i++) await ada.hold(id);
    await admin.request('PATCH', `/api/v1/shows/${id}`, { body: { title: 'New' } });
    const gone = await admin.createShow();
    await admin.request('DELETE', `/api/v1/shows/${gone.id}`);
    await sleep(RECONCILED_WITHIN_MS);
    expect(await reconciled()).toBe(before);
  }, 20_000);
});
