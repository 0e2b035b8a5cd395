import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { LiveClient } from '../../../test/live-client.js';
import { accessToken } from './support/access-token.js';

describe('live updates', () => {
  let installation: Installation;
  let api: ApiProcess;
  let other: ApiProcess;
  let admin: ApiClient;
  let ada: ApiClient;
  const open: LiveClient[] = [];
  beforeAll(async () => {
    installation = await Installation.create();
    [api, other] = await Promise.all([installation.startApi(), installation.startApi()]);
    admin = await api.client().registerAdmin();
    ada = await api.client().register();
  });
  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });
  afterAll(() => installation.stop());

  const connect = async (url: string, options = {}) => {
    const client = await LiveClient.connect(url, options);
    open.push(client);
    return client;
  };

  /** New shows of which the watcher has been told; what it was told is forgotten. */
  const createShows = async (watcher: LiveClient, count: number) => {
    const shows = await Promise.all(Array.from({ length: count }, () => admin.createShow()));
    await eventually(() => {
      const changed = watcher.updates.flatMap((update) => update.changed ?? []);
      for (const { id } of shows) expect(changed).toContain(id);
    });
    watcher.updates.length = 0;
    return shows;
  };

  /**
   * Holds slots of both shows, and waits until both were told in this order, to the witness and to
   * the client: what the client was not told of the first by then it never is.
   */
  const holdBoth = async (witness: LiveClient, client: LiveClient, [first, last]: string[]) => {
    await ada.hold(first!);
    await eventually(() => expect(witness.counters(first!)).toBeDefined());
    await ada.hold(last!);
    await eventually(() => expect(client.counters(last!)).toBeDefined());
  };

  it('bring the counter to everybody, on every instance, within a second', async () => {
    const { id } = await admin.createShow();
    const here = await connect(api.url);
    const there = await connect(other.url);
    await ada.hold(id, 3);
    await eventually(() => {
      for (const client of [here, there]) {
        expect(client.counters(id)).toMatchObject({
          availableSlots: 7,
          heldSlots: 3,
          totalSlots: 10,
          nextReleaseAt: null,
          status: 'SCHEDULED',
          version: 2,
        });
      }
    }, 1_000);
  });

  it('say when the next slot may come back once all are held', async () => {
    const { id } = await admin.createShow({ totalSlots: 1 });
    const client = await connect(other.url);
    const { body } = await ada.hold(id);
    await eventually(() =>
      expect(client.counters(id)).toMatchObject({ nextReleaseAt: body['expiresAt'] }),
    );
  });

  it('come at most once in 100 ms, with the newest counters', async () => {
    const { id } = await admin.createShow({ totalSlots: 100 });
    const client = await connect(api.url);
    const started = performance.now();
    for (let i = 0; i < 40; i++) await ada.hold(id);
    const flushes = Math.ceil((performance.now() - started) / 100) + 2;
    await eventually(() => expect(client.counters(id)).toMatchObject({ availableSlots: 60 }));
    const packets = client.updates.filter(({ shows }) => shows?.some((show) => show.id === id));
    expect(packets.length).toBeLessThanOrEqual(flushes);
  });

  it('are narrowed to the shows that one watches, and widened again', async () => {
    const witness = await connect(other.url);
    const client = await connect(other.url);
    const [watched, unwatched] = (await createShows(client, 2)).map(({ id }) => id);
    expect(await client.watch([watched!.toUpperCase()])).toEqual({ ok: true });
    await holdBoth(witness, client, [unwatched!, watched!]);
    expect(client.counters(unwatched!)).toBeUndefined();
    expect(await client.watch('all')).toEqual({ ok: true });
    await ada.hold(unwatched!);
    await eventually(() => expect(client.counters(unwatched!)).toBeDefined());
  });

  it('are narrowed from the first moment on by what the handshake says', async () => {
    const witness = await connect(other.url);
    const [watched, unwatched] = (await createShows(witness, 2)).map(({ id }) => id);
    const client = await connect(other.url, { watch: [watched] });
    await holdBoth(witness, client, [unwatched!, watched!]);
    expect(client.updates.every(({ shows }) => shows?.every(({ id }) => id === watched))).toBe(
      true,
    );
    await expect(connect(api.url, { watch: ['x'] })).rejects.toThrow('VALIDATION_FAILED');
  });

  it('refuse a bad wish to watch, and go on', async () => {
    const client = await connect(api.url);
    for (const ids of [undefined, 'some', [1], ['x'], Array(201).fill(ada.userId)]) {
      expect(await client.watch(ids)).toMatchObject({ ok: false, code: 'VALIDATION_FAILED' });
    }
    client.socket.emit('watchShows');
    client.socket.emit('nonsense', { a: 1 });
    expect(await client.watch([])).toEqual({ ok: true });
  });

  it('tell users of their own bookings, on whichever instance, and nobody else', async () => {
    const { id } = await admin.createShow();
    const mine = await connect(other.url, { token: ada.accessToken });
    const bob = await api.client().register();
    const strangers = await connect(other.url, { token: bob.accessToken });
    const anonymous = await connect(api.url);
    const { body } = await ada.hold(id);
    await ada.act('confirm', body.id);
    await eventually(() =>
      expect(mine.bookings.at(-1)).toMatchObject({ id: body.id, status: 'CONFIRMED', version: 3 }),
    );
    // Whatever they were told of it came before what they are told of this.
    const { body: bobs } = await bob.hold(id);
    await eventually(() => expect(strangers.bookings.at(-1)?.id).toBe(bobs.id));
    await eventually(() =>
      expect(anonymous.counters(id)?.version).toBeGreaterThanOrEqual(bobs.version),
    );
    expect(strangers.bookings).toHaveLength(1);
    expect(anonymous.bookings).toEqual([]);
  });

  it('tell nobody of bookings whose token has ended, and again with a new one', async () => {
    const { id } = await admin.createShow();
    const me = { id: ada.userId, role: 'CUSTOMER' } as const;
    const endsAt = Date.now() + 2_000;
    const client = await connect(other.url, { token: accessToken(me, 2) });
    await ada.hold(id);
    await eventually(() => expect(client.bookings).toHaveLength(1), 1_000);
    // An API looks once a second for tokens that have ended.
    await sleep(endsAt + 2_000 - Date.now());
    await ada.hold(id);
    await eventually(() => expect(client.counters(id)?.availableSlots).toBe(8));
    expect(client.bookings).toHaveLength(1);

    expect(await client.authenticate(accessToken(me))).toEqual({ ok: true });
    await ada.hold(id);
    await eventually(() => expect(client.bookings).toHaveLength(2));
    for (const bad of [undefined, 'forged', accessToken(me, -1)]) {
      expect(await client.authenticate(bad)).toMatchObject({ ok: false, code: 'UNAUTHORIZED' });
    }
    await ada.hold(id);
    await eventually(() => expect(client.bookings).toHaveLength(3));
  });

  it('tell a socket of the bookings of whom it belongs to now, and of nobody before', async () => {
    const { id } = await admin.createShow();
    const bob = await api.client().register();
    const client = await connect(other.url, { token: ada.accessToken });
    expect(await client.authenticate(bob.accessToken)).toEqual({ ok: true });
    await ada.hold(id);
    const bobs = [await bob.hold(id), await bob.hold(id)].map(({ body }) => body.id);
    await eventually(() => expect(client.bookings.at(-1)).toMatchObject({ id: bobs[1] }));
    expect(client.bookings.map((booking) => booking.id)).toEqual(bobs);
  });

  it('say which shows were edited or deleted', async () => {
    const client = await connect(other.url);
    const { id } = (await createShows(client, 1))[0]!;
    await admin.request('PATCH', `/api/v1/shows/${id}`, { body: { title: 'New' } });
    const changed = () => client.updates.filter((update) => update.changed?.includes(id));
    await eventually(() => expect(changed()).toHaveLength(1));
    await admin.request('DELETE', `/api/v1/shows/${id}`);
    await eventually(() => expect(changed()).toHaveLength(2));
  });

  it('tell narrowed sockets only of edits that they watch, and every 5 s that lists changed', async () => {
    const wide = await connect(other.url);
    const [shown, ...others] = await createShows(wide, 4);
    const { id } = shown!;
    const narrowed = await connect(other.url, { watch: [id] });
    const edit = (show: string, title: string) =>
      admin.request('PATCH', `/api/v1/shows/${show}`, { body: { title } });
    const changes = (client: LiveClient) => client.updates.flatMap(({ changed }) => changed ?? []);
    const notices = () => narrowed.updates.filter(({ listsChanged }) => listsChanged).length;

    for (const show of others) await edit(show.id, 'New');
    await edit(id, 'New');
    await eventually(() => {
      for (const show of [...others, { id }]) expect(changes(wide)).toContain(show.id);
      expect(changes(narrowed)).toContain(id);
    });
    // The first notice may still belong to what another test edited.
    await eventually(() => expect(notices()).toBeGreaterThan(0), 6_000);
    const since = performance.now();
    const before = notices();
    await edit(others[0]!.id, 'Newer');
    await eventually(() =>
      expect(changes(wide).filter((each) => each === others[0]!.id)).toHaveLength(2),
    );
    await eventually(() => expect(notices()).toBe(before + 1), 6_000);
    expect(performance.now() - since).toBeGreaterThan(3_000);
    expect(new Set(changes(narrowed))).toEqual(new Set([id]));
    expect(wide.updates.filter(({ listsChanged }) => listsChanged)).toEqual([]);
  }, 20_000);

  it('come again after the connection that listens was lost, however often', async () => {
    const { id } = await admin.createShow({ totalSlots: 100 });
    const client = await connect(other.url);
    const resyncs = () => client.updates.filter(({ resync }) => resync).length;
    for (let loss = 1; loss <= 4; loss++) {
      await installation.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'modex api backplane'`,
      );
      await eventually(() => expect(resyncs()).toBeGreaterThanOrEqual(loss), 8_000);
      await eventually(async () => {
        const { body } = await ada.hold(id);
        await eventually(() => {
          expect(client.counters(id)?.version).toBeGreaterThanOrEqual(body.version);
        }, 500);
      }, 8_000);
    }
  }, 60_000);

  it('refuse a bad token and a foreign page', async () => {
    await expect(connect(api.url, { token: 'forged' })).rejects.toThrow('UNAUTHORIZED');
    await expect(connect(api.url, { origin: 'https://evil.example.com' })).rejects.toThrow();
    await expect(connect(api.url, { origin: 'null' })).rejects.toThrow();
    await connect(api.url, { origin: api.url });
  });
});
