import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { LiveClient } from '../../../test/live-client.js';
import { metric } from '../../../test/metric.js';
import type { ServerProcess } from '../../../test/server-process.js';

const KILLS = 3;
/** A look every 3 s, at what is older than 1 s, and the way to the client. */
const HEALED_WITHIN_MS = 6_000;

describe('what a process committed and did not live to tell', () => {
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

  /** How many shows the worker has announced because nobody else had. */
  const healed = () => {
    const metricsUrl = `http://127.0.0.1:${String(worker.started['port'])}/metrics`;
    return metric({ metricsUrl }, 'modex_missed_announcements_total');
  };

  it('is told by the worker, after each kill -9 in the middle of a sale', async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const { id } = await admin.createShow({ totalSlots: 100 });
      const victim = await installation.startApi();
      const buyer = victim.client(ada.accessToken);
      for (let i = 0; i < 20; i++) expect((await buyer.hold(id)).status).toBe(201);
      await victim.process.stop('SIGKILL');
      await eventually(() => {
        expect(watcher.counters(id)).toMatchObject({ availableSlots: 80, version: 21 });
      }, HEALED_WITHIN_MS);
    }
    // Otherwise all of it was told in time, and nothing has been tested.
    expect(await healed()).toBeGreaterThan(0);
  }, 60_000);

  it('is told of edits as of edits', async () => {
    const { id } = await admin.createShow();
    const victim = await installation.startApi();
    const organiser = victim.client(admin.accessToken);
    const edit = (title: string) =>
      organiser.request('PATCH', `/api/v1/shows/${id}`, { body: { title } });
    const told = () => watcher.updates.filter(({ changed }) => changed?.includes(id)).length;
    await eventually(() => expect(told()).toBe(1));
    await edit('Told at once');
    await eventually(() => expect(told()).toBe(2));
    await edit('Told by nobody: it is too soon after the one before');
    await victim.process.stop('SIGKILL');
    await eventually(() => expect(told()).toBe(3), HEALED_WITHIN_MS);
  });

  it('is all that the worker tells again', async () => {
    // What the kills have left is told by now.
    await sleep(5_000);
    const before = await healed();
    const { id } = await admin.createShow();
    for (let i = 0; i < 5; i++) await ada.hold(id);
    await admin.request('PATCH', `/api/v1/shows/${id}`, { body: { title: 'New' } });
    const gone = await admin.createShow();
    await admin.request('DELETE', `/api/v1/shows/${gone.id}`);
    await sleep(HEALED_WITHIN_MS);
    expect(await healed()).toBe(before);
  }, 20_000);
});
