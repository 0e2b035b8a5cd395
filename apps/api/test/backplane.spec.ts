import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { LiveClient } from '../../../test/live-client.js';
import { metric } from '../../../test/metric.js';
import { describeWith } from '../../../test/optional.js';
import { TcpProxy } from '../../../libs/domain/test/support/tcp-proxy.js';
import { findRedisServer, REDIS_MISSING, RedisServer } from '../../../test/redis-server.js';

/**
 * What every backplane must do.
 * @param variable that names its server
 */
function backplaneContract(
  environment: () => NodeJS.ProcessEnv,
  variable: 'DATABASE_DIRECT_URL' | 'REDIS_URL',
): void {
  let installation: Installation;
  let here: ApiProcess;
  let there: ApiProcess;
  let admin: ApiClient;
  let buyer: ApiClient;
  let clients: LiveClient[] = [];
  beforeAll(async () => {
    installation = await Installation.create({
      HOLD_SECONDS: '2',
      ...environment(),
    });
    [here, there] = await Promise.all([installation.startApi(), installation.startApi()]);
    await installation.startWorker();
    admin = await here.client().registerAdmin();
    buyer = await here.client().register();
  });
  afterEach(() => {
    clients.forEach((client) => client.close());
    clients = [];
  });
  afterAll(() => installation.stop());

  const watchThere = async (token?: string | null) => {
    const client = await LiveClient.connect(there.url, { token });
    clients.push(client);
    return client;
  };
  const showThere = (id: string) => there.client().show(id);
  const listThere = async () => {
    const { body } = await there.client().request('GET', '/api/v1/shows?limit=100');
    return body.data as { id: string; title: string; heldSlots: number; version: number }[];
  };

  it('a booking on one is seen by a client of the other, and read there', async () => {
    const { id } = await admin.createShow();
    const client = await watchThere();
    await eventually(async () =>
      expect(await listThere()).toContainEqual(expect.objectContaining({ id })),
    );
    expect(await showThere(id)).toMatchObject({ heldSlots: 0 });
    await buyer.hold(id, 3);
    await eventually(async () => {
      expect(client.counters(id)).toMatchObject({ availableSlots: 7, heldSlots: 3 });
      expect(await showThere(id)).toMatchObject({ availableSlots: 7, heldSlots: 3 });
      expect(await listThere()).toContainEqual(expect.objectContaining({ id, heldSlots: 3 }));
    }, 1_500);
  });

  it('a hold that the worker takes back is seen on both', async () => {
    const { id } = await admin.createShow();
    const client = await watchThere();
    await buyer.hold(id);
    expect(await showThere(id)).toMatchObject({ id });
    await eventually(async () => {
      expect(client.counters(id)).toMatchObject({ availableSlots: 10, heldSlots: 0 });
      for (const api of [here, there]) {
        expect(await api.client().show(id)).toMatchObject({ availableSlots: 10, heldSlots: 0 });
      }
    }, 6_000);
  });

  it('a user hears of their booking wherever their socket is', async () => {
    const { id } = await admin.createShow();
    const own = await watchThere(buyer.accessToken);
    const stranger = await watchThere((await here.client().register()).accessToken);
    const { body } = await buyer.hold(id);
    await eventually(() => expect(own.bookings.map((booking) => booking.id)).toContain(body.id));
    expect(stranger.bookings).toEqual([]);
  });

  it('an edit on one is read on the other, at once and for good', async () => {
    const { id } = await admin.createShow({ title: 'Before' });
    const client = await watchThere();
    await showThere(id);
    await listThere();
    await admin.request('PATCH', `/api/v1/shows/${id}`, { body: { title: 'After' } });
    // Where it was edited it is read at once.
    expect(await here.client().show(id)).toMatchObject({ title: 'After' });
    await eventually(() =>
      expect(client.updates.flatMap(({ changed }) => changed ?? [])).toContain(id),
    );
    for (let i = 0; i < 20; i++) {
      expect(await showThere(id)).toMatchObject({ title: 'After' });
      expect(await listThere()).toContainEqual(expect.objectContaining({ id, title: 'After' }));
      await sleep(20);
    }
  });

  it('a connection that falls silent is noticed, and everything read again once it listens', async () => {
    const server = environment()[variable] ?? installation.database.url;
    const proxy = await TcpProxy.open(server);
    const end = new AbortController();
    try {
      const api = await installation.startApi({ [variable]: proxy.through(server) });
      const isConnected = () => metric(api, 'modex_backplane_connected');
      const { id } = await admin.createShow({ totalSlots: 1_000, holdSeconds: 600 });
      const client = await LiveClient.connect(api.url);
      clients.push(client, await LiveClient.connect(here.url));
      const resyncs = () => client.updates.filter(({ resync }) => resync).length;
      const areToldOf = async (seller: ApiClient) => {
        const { body } = await seller.hold(id);
        await eventually(() => {
          for (const each of clients) {
            expect(each.counters(id)?.version).toBeGreaterThanOrEqual(body.version);
          }
        }, 1_500);
      };
      const there = api.client(buyer.accessToken);
      await eventually(async () => expect(await isConnected()).toBe(1));
      await areToldOf(buyer);
      client.updates.length = 0;

      proxy.dropEverything();
      // What is written does not count as life.
      const selling = (async () => {
        for (; !end.signal.aborted; await sleep(100)) await there.hold(id);
      })();
      await eventually(async () => expect(await isConnected()).toBe(0), 12_000);
      // New connections open, and hear nothing.
      await sleep(2_000);
      expect(await isConnected()).toBe(0);
      expect(resyncs()).toBe(0);

      proxy.restore();
      const { version } = (await buyer.hold(id)).body;
      await eventually(() => expect(resyncs()).toBe(1), 12_000);
      // Whoever is told to read again is not answered from before.
      expect((await there.show(id)).version).toBeGreaterThanOrEqual(version);
      await eventually(async () => expect(await isConnected()).toBe(1));
      for (const seller of [buyer, there]) await areToldOf(seller);
      expect(resyncs()).toBe(1);
      end.abort();
      await selling;
    } finally {
      end.abort();
      await proxy.close();
    }
  }, 60_000);

  it('a deleted show is gone on the other', async () => {
    const { id } = await admin.createShow();
    await eventually(async () => expect(await showThere(id)).toMatchObject({ id }));
    await admin.request('DELETE', `/api/v1/shows/${id}`);
    await eventually(async () => {
      expect(await there.client().request('GET', `/api/v1/shows/${id}`)).toMatchObject({
        status: 404,
      });
      expect((await listThere()).map((show) => show.id)).not.toContain(id);
    }, 1_000);
  });
}

describe('the backplane over PostgreSQL', () => {
  backplaneContract(() => ({}), 'DATABASE_DIRECT_URL');
});

describeWith('the backplane over Redis', findRedisServer(), REDIS_MISSING, (program) => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start(program);
  });
  afterAll(() => redis.destroy());

  describe('as over PostgreSQL', () => {
    backplaneContract(() => ({ REDIS_URL: redis.url, REDIS_PREFIX: 'contract' }), 'REDIS_URL');
  });

  it('killed and started again: bookings never fail, and counters agree again', async () => {
    const environment = { REDIS_URL: redis.url, REDIS_PREFIX: 'killed', CACHE_SECONDS: '60' };
    const installation = await Installation.create(environment);
    try {
      const [here, there] = await Promise.all([installation.startApi(), installation.startApi()]);
      await installation.startWorker();
      const admin = await here.client().registerAdmin();
      const buyer = await here.client().register();
      const shows = await Promise.all(
        Array.from({ length: 10 }, () => admin.createShow({ totalSlots: 1_000 })),
      );
      const client = await LiveClient.connect(there.url);
      for (const { id } of shows) await there.client().show(id);

      const statuses: number[] = [];
      let selling = true;
      const seller = async (offset: number) => {
        for (let i = offset; selling; i++) {
          statuses.push((await buyer.hold(shows[i % shows.length]!.id)).status);
          await sleep(5);
        }
      };
      const sellers = [seller(0), seller(3), seller(6)];
      await sleep(700);
      await redis.kill();
      await sleep(2_000);
      // Reads work without it.
      expect((await there.client().request('GET', '/api/v1/shows?limit=50')).status).toBe(200);
      await redis.start();
      await sleep(700);
      selling = false;
      await Promise.all(sellers);
      const sold = statuses.length;
      expect(sold).toBeGreaterThan(100);
      expect(new Set(statuses)).toEqual(new Set([201]));

      await eventually(async () => {
        const rows = await installation.database.query<{ id: string; held: number }>(
          'SELECT id, held_slots AS held FROM shows',
        );
        for (const { id, held } of rows) {
          expect(await there.client().show(id)).toMatchObject({ heldSlots: held });
        }
        expect(rows.reduce((sum, { held }) => sum + held, 0)).toBe(sold);
      }, 5_000);
      // Clients were asked to resynchronise.
      expect(client.updates).toContainEqual({ resync: true });
      // The backplane works again.
      await buyer.hold(shows[0]!.id);
      await eventually(async () =>
        expect(client.counters(shows[0]!.id)).toMatchObject(
          await here
            .client()
            .show(shows[0]!.id)
            .then(({ version }) => ({ version })),
        ),
      );
      client.close();
      expect(await installation.audit()).toMatch(/drift in 0/);
    } finally {
      await installation.stop();
    }
  });
});
