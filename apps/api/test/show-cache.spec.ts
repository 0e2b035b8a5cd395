import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { LiveClient } from '../../../test/live-client.js';
import { describeWith } from '../../../test/optional.js';
import { findRedisServer, REDIS_MISSING, RedisServer } from '../../../test/redis-server.js';

const LIST = '/api/v1/shows?limit=100';

/**
 * Resolves once every process has been told of the new show, which makes it read its pages anew
 * once more.
 */
async function createShow(
  admin: ApiClient,
  watcher: LiveClient,
  fields: Record<string, unknown> = {},
) {
  const show = await admin.createShow(fields);
  await eventually(() =>
    expect(watcher.updates.flatMap(({ changed }) => changed ?? [])).toContain(show.id),
  );
  return show;
}

/** Nobody can read shows from the database meanwhile. */
async function withoutShows<Seen>(
  { database }: Installation,
  work: () => Promise<Seen>,
): Promise<Seen> {
  await database.query('ALTER TABLE shows RENAME TO shows_hidden');
  try {
    return await work();
  } finally {
    await database.query('ALTER TABLE shows_hidden RENAME TO shows');
  }
}

describe('lists and shows that were read before', () => {
  let installation: Installation;
  let api: ApiProcess;
  let admin: ApiClient;
  let visitor: ApiClient;
  let watcher: LiveClient;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi({ CACHE_SECONDS: '60' }));
    admin = await api.client().registerAdmin();
    visitor = api.client();
    watcher = await LiveClient.connect(api.url);
  });
  afterAll(async () => {
    watcher.close();
    await installation.stop();
  });

  it('are answered without the database, by 200 or 304', async () => {
    const { id } = await createShow(admin, watcher, { region: 'Pune' });
    const paths = [LIST, '/api/v1/shows?region=Pune&limit=5', `/api/v1/shows/${id}`];
    const first: Answer<unknown>[] = [];
    for (const path of paths) first.push(await visitor.request('GET', path));
    // A show that was read with a list is there already.
    expect(first.map(({ headers }) => headers.get('cache-status'))).toEqual([
      'Modex; fwd=miss; stored',
      'Modex; fwd=miss; stored',
      'Modex; hit',
    ]);
    await withoutShows(installation, async () => {
      for (const [i, path] of paths.entries()) {
        const again = await visitor.request('GET', path);
        expect(again).toMatchObject({ status: 200, body: first[i]!.body });
        expect(again.headers.get('cache-status')).toBe('Modex; hit');
        // By the short way nothing is left out.
        expect([...again.headers.keys()]).toEqual([...first[i]!.headers.keys()]);
        expect(again.headers.get('x-request-id')).not.toBe(first[i]!.headers.get('x-request-id'));
        const etag = first[i]!.headers.get('etag')!;
        const headers = { 'if-none-match': etag };
        const unchanged = await visitor.request('GET', path, { headers });
        expect(unchanged).toMatchObject({ status: 304, body: '' });
        expect(unchanged.headers.get('etag')).toBe(etag);
      }
      expect((await visitor.request('GET', '/api/v1/shows?q=show')).status).toBe(500);
    });
  });

  it('count against the rate limit like any other', async () => {
    const limited = await installation.startApi({ RATE_LIMIT: 'on' });
    const remaining = async () => {
      const { status, headers } = await limited.client().request('GET', LIST);
      expect(status).toBe(200);
      return Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
    };
    const first = await remaining();
    for (let i = 1; i <= 20; i++) expect(await remaining()).toBe(first - i);
    const requests = Array.from({ length: first }, () => limited.client().request('GET', LIST));
    const statuses = (await Promise.all(requests)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(first - 20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    const refused = await limited.client().request('GET', LIST);
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('say so when they are never kept', async () => {
    for (const [query, detail] of [
      ['q=show', 'search'],
      ['available=true', 'available'],
    ]) {
      const path = `/api/v1/shows?${query}`;
      for (let i = 0; i < 2; i++) {
        const { status, headers } = await visitor.request('GET', path);
        expect(status).toBe(200);
        expect(headers.get('cache-status')).toBe(`Modex; fwd=bypass; detail=${detail}`);
      }
    }
  });

  it('follow a booking here at once, and an edit too', async () => {
    const buyer = await api.client().register();
    const { id } = await createShow(admin, watcher, { title: 'Before', totalSlots: 5 });
    await visitor.request('GET', LIST);
    const before = await visitor.request('GET', `/api/v1/shows/${id}`);
    await buyer.hold(id, 2);
    const held = await visitor.request('GET', `/api/v1/shows/${id}`);
    expect(held.body).toMatchObject({ availableSlots: 3, heldSlots: 2 });
    expect(held.headers.get('cache-status')).toBe('Modex; hit');
    expect(held.headers.get('etag')).not.toBe(before.headers.get('etag'));
    await eventually(async () => {
      const { body } = await visitor.request('GET', LIST);
      expect(body.data).toContainEqual(expect.objectContaining({ id, heldSlots: 2 }));
    }, 1_000);
    // The last slots are only held: when they may come back is told too.
    const { body: last } = await buyer.hold(id, 3);
    expect(await visitor.show(id)).toMatchObject({
      availability: 'ALL_HELD',
      nextReleaseAt: expect.any(String),
    });
    expect(last.status).toBe('PENDING');
    await admin.request('PATCH', `/api/v1/shows/${id}`, { body: { title: 'After' } });
    expect(await visitor.show(id)).toMatchObject({ title: 'After', heldSlots: 5 });
    const { body } = await visitor.request('GET', LIST);
    expect(body.data).toContainEqual(expect.objectContaining({ id, title: 'After' }));
  });

  it('follow the clock: a sale that opens, a show that starts', async () => {
    const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
    const opensAt = inMs(2_000);
    const startsAt = inMs(3_000);
    const opening = await admin.createShow({ bookingOpensAt: opensAt });
    const starting = await admin.createShow({ startsAt });
    const listed = async () => {
      const { body } = await visitor.request('GET', LIST);
      return body.data as { id: string; availability: string }[];
    };
    /** An API knows the database's clock to within half the round trip of its last reading. Milliseconds. */
    const CLOCK_ERROR_MS = 50;
    /** What is answered by requests that begin and end on one side of the moment. */
    const around = async <Answer>(moment: string, ask: () => Promise<Answer>) => {
      const at = Date.parse(moment);
      const answers: { before: Answer[]; after: Answer[] } = { before: [], after: [] };
      while (answers.after.length < 3) {
        const began = Date.now();
        const answer = await ask();
        if (began >= at + CLOCK_ERROR_MS) answers.after.push(answer);
        else if (Date.now() < at - CLOCK_ERROR_MS) answers.before.push(answer);
      }
      return answers;
    };
    const availability = async () => {
      const shown = await visitor.show(opening.id);
      const inList = (await listed()).find(({ id }) => id === opening.id);
      return [shown['availability'], shown['secondsToOpen'] === 0, inList?.availability].join(' ');
    };
    const opened = await around(opensAt, availability);
    expect(new Set(opened.before)).toEqual(new Set(['UPCOMING false UPCOMING']));
    expect(new Set(opened.after)).toEqual(new Set(['OPEN true OPEN']));
    const started = await around(startsAt, async () =>
      (await listed()).some(({ id }) => id === starting.id),
    );
    expect(new Set(started.before)).toEqual(new Set([true]));
    expect(new Set(started.after)).toEqual(new Set([false]));
  });
});

describeWith('pages that are shared in Redis', findRedisServer(), REDIS_MISSING, (program) => {
  let redis: RedisServer;
  let installation: Installation;
  let old: ApiProcess;
  let admin: ApiClient;
  let watcher: LiveClient;
  beforeAll(async () => {
    redis = await RedisServer.start(program);
    const environment = { REDIS_URL: redis.url, CACHE_SECONDS: '60' };
    ({ installation, api: old } = await Installation.withApi(environment));
    admin = await old.client().registerAdmin();
    watcher = await LiveClient.connect(old.url);
  });
  afterAll(async () => {
    watcher.close();
    await installation.stop();
    await redis.destroy();
  });

  const list = async (api: ApiProcess) => {
    const { status, body } = await api.client().request('GET', LIST);
    expect(status).toBe(200);
    return body.data as { id: string; title: string; heldSlots: number; startsAt: string }[];
  };

  it('make a new instance start warm, with the counters of now', async () => {
    const buyer = await old.client().register();
    const { id } = await createShow(admin, watcher, { title: 'Shared' });
    const known = await list(old);
    const fresh = await installation.startApi();
    await buyer.hold(id, 4);
    const first = await withoutShows(installation, () => list(fresh));
    expect(first.map((show) => show.id)).toEqual(known.map((show) => show.id));
    expect(first[0]!.startsAt).toBe(known[0]!.startsAt);
    const { body } = await fresh.client().request('GET', `${LIST}&kind=EVENT`);
    expect(body.data).toContainEqual(expect.objectContaining({ id, heldSlots: 4 }));
    await eventually(async () =>
      expect(await list(fresh)).toContainEqual(expect.objectContaining({ id, heldSlots: 4 })),
    );
  });

  it('are never read again after an edit', async () => {
    const { id } = await admin.createShow({ title: 'Before' });
    await list(old);
    await admin.request('PATCH', `/api/v1/shows/${id}`, { body: { title: 'After' } });
    // Nobody has read the list since; what is in Redis is from before.
    const fresh = await installation.startApi();
    expect(await list(fresh)).toContainEqual(expect.objectContaining({ id, title: 'After' }));
  });

  it('are done without when Redis is away, which is said once, and used again when it is back', async () => {
    const away = () =>
      old.process.log.filter(
        ({ msg, connection }) => msg === 'Redis is away' && connection === 'modex-api-pages',
      );
    await redis.kill();
    const { id } = await admin.createShow({ title: 'While it is away' });
    for (let i = 0; i < 10; i++) {
      expect(await list(old)).toContainEqual(expect.objectContaining({ id }));
      await sleep(100);
    }
    expect(away()).toHaveLength(1);
    await redis.start();
    await eventually(() =>
      expect(old.process.log.map(({ msg }) => msg)).toContain('Redis is back'),
    );
    await admin.request('PATCH', `/api/v1/shows/${id}`, { body: { title: 'Back' } });
    expect(await list(old)).toContainEqual(expect.objectContaining({ id, title: 'Back' }));
    expect(away()).toHaveLength(1);
  });
});
