import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { LiveClient } from '../../../test/live-client.js';
import type { ServerProcess } from '../../../test/server-process.js';

describe('the worker', () => {
  let installation: Installation;
  let api: ApiProcess;
  let workers: ServerProcess[];
  let admin: ApiClient;
  let ada: ApiClient;
  let live: LiveClient;
  beforeAll(async () => {
    installation = await Installation.create({ HOLD_SECONDS: '1' });
    [api, ...workers] = await Promise.all([
      installation.startApi(),
      installation.startWorker(),
      installation.startWorker(),
    ]);
    admin = await api.client().registerAdmin();
    ada = await api.client().register();
    live = await LiveClient.connect(api.url, { token: ada.accessToken });
  });
  afterAll(async () => {
    live.close();
    await installation.stop();
  });

  it('returns lapsed slots within about a second, and everybody sees it', async () => {
    const { id } = await admin.createShow({ totalSlots: 3 });
    const { body } = await ada.hold(id, 3);
    await eventually(() => expect(live.counters(id)).toMatchObject({ availableSlots: 0 }));
    const lapsesAt = Date.parse(String(body['expiresAt']));
    await eventually(() => {
      expect(live.counters(id)).toMatchObject({ availableSlots: 3, heldSlots: 0 });
      expect(live.bookings.at(-1)).toMatchObject({
        id: body.id,
        status: 'CANCELLED',
        cancelReason: 'EXPIRED',
      });
    });
    expect(Date.now() - lapsesAt).toBeLessThan(2_000);
    expect(await ada.act('confirm', body.id)).toMatchObject({
      status: 410,
      body: { code: 'HOLD_EXPIRED' },
    });
  });

  it('does so once, however many there are', async () => {
    const shows = await Promise.all(
      Array.from({ length: 6 }, () => admin.createShow({ totalSlots: 20 })),
    );
    for (const { id } of shows) for (let i = 0; i < 5; i++) await ada.hold(id, 2);
    await eventually(async () => {
      for (const { id } of shows) {
        expect(await ada.show(id)).toMatchObject({ availableSlots: 20, heldSlots: 0 });
      }
    }, 10_000);
    const events = await installation.database.query(
      `SELECT 1 FROM outbox WHERE type = 'booking.expired' AND aggregate_id = ANY($1)`,
      [shows.map(({ id }) => id)],
    );
    expect(events).toHaveLength(30);
  });

  it('answers its probes and shows its metrics on a port of its own', async () => {
    const base = `http://127.0.0.1:${String(workers[0]!.started['port'])}`;
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
    const ready = await fetch(`${base}/health/ready`);
    expect(await ready.json()).toEqual({ status: 'ok', checks: { database: 'ok', ledger: 'ok' } });
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toMatch(/modex_expired_holds_total \d+/);
    expect(metrics).toMatch(/process_cpu_seconds_total/);
  });

  it('stops when asked to, with exit code 0', async () => {
    const worker = await installation.startWorker();
    expect(await worker.stop('SIGTERM')).toBe(0);
    expect(worker.log.filter(({ level }) => Number(level) > 30)).toEqual([]);
  });
});
