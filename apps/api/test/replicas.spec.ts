import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { metric } from '../../../test/metric.js';
import { describeWith } from '../../../test/optional.js';
import { findPostgres, NO_POSTGRES, type PostgresServer } from '../../../test/postgres-server.js';
import { StreamingPair } from '../../../test/streaming-pair.js';
import { openTestDatabase } from '../../../test/test-database.js';

const NOBODY = 'postgres://modex:secret@127.0.0.1:1/modex';

/** A server publishes its looks into tables each second, and those of a session gone idle after ten. */
const PUBLISHED_MS = 11_000;

const answeredByReplica = (api: ApiProcess) => metric(api, 'modex_reads_total{from="replica"}');

const logged = ({ process }: ApiProcess) =>
  process.log.filter(({ msg }) => msg.startsWith('read replica')).map(({ msg }) => msg);

describe('an API whose replica cannot be used', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.create();
  });
  afterAll(() => installation.stop());

  it('starts and reads from the primary, and tells nobody the password', async () => {
    const api = await installation.startApi({ DATABASE_REPLICA_URLS: NOBODY });
    await eventually(() => expect(logged(api)).toEqual(['read replica ejected']));
    const { id } = await (await api.client().registerAdmin()).createShow();
    const { body } = await api.client().request('GET', '/api/v1/shows?q=show');
    expect(body.data).toMatchObject([{ id }]);
    expect(JSON.stringify(api.process.log)).not.toContain('secret');
  });

  it('does not start when the variables make no sense', async () => {
    await expect(
      installation.startApi({
        DATABASE_REPLICA_URLS: `${NOBODY}, localhost`,
        REPLICA_MAX_LAG_MS: '5',
      }),
    ).rejects.toThrow(
      /DATABASE_REPLICA_URLS must be a postgres:\/\/ or postgresql:\/\/ URL: it has no scheme .+\n +REPLICA_MAX_LAG_MS must not be less than 100/,
    );
  });
});

/** At the nearest shows, at all that match, and at those that were found. */
const LOOKS_OF_A_SEARCH = 3;

describeWith('an API with a read replica', findPostgres(), NO_POSTGRES, (programs) => {
  let pair: StreamingPair;
  let installation: Installation;
  let api: ApiProcess;
  let other: ApiProcess;
  let admin: ApiClient;
  let ada: ApiClient;
  beforeAll(async () => {
    pair = await StreamingPair.start(programs);
    installation = Installation.on(
      openTestDatabase(pair.url, () => pair.stop()),
      { DATABASE_REPLICA_URLS: pair.replicaUrl, REPLICA_MAX_LAG_MS: '60000' },
    );
    [api, other] = await Promise.all([installation.startApi(), installation.startApi()]);
    admin = await api.client().registerAdmin();
    ada = await api.client().register();
  }, 60_000);
  afterAll(async () => {
    await installation?.stop();
    await pair?.stop();
  });

  afterEach(() => pair.delayReplay('0'));

  /** A search is read from a database each time. */
  const search = (at: ApiProcess, word: string) =>
    at.client().request('GET', `/api/v1/shows?q=${word}`);

  const untilReplicaAnswers = (at: ApiProcess, withinMs?: number) =>
    eventually(async () => {
      const before = await answeredByReplica(at);
      expect((await search(at, 'show')).status).toBe(200);
      expect(await answeredByReplica(at)).toBe(before + 1);
    }, withinMs);

  it('reads lists from it, and none from the primary', async () => {
    await admin.createShow();
    await untilReplicaAnswers(api);
    await sleep(PUBLISHED_MS);
    const looks = (server: PostgresServer) => pair.looksAtShows(server);
    const [before, primaryBefore] = [await looks(pair.replica), await looks(pair.primary)];
    const answered = await answeredByReplica(api);
    for (let i = 0; i < 50; i++) {
      const { body } = await search(api, 'show');
      expect(body.data).toHaveLength(1);
      const page = await api.client().request('GET', `/api/v1/shows?limit=${i + 1}`);
      expect(page.body.data).toHaveLength(1);
    }
    expect(await answeredByReplica(api)).toBe(answered + 100);
    await eventually(
      async () => expect(await looks(pair.replica)).toBe(before + 50 * (LOOKS_OF_A_SEARCH + 1)),
      PUBLISHED_MS,
    );
    expect(await looks(pair.primary)).toBe(primaryBefore);
  }, 60_000);

  it('shows a booking to its owner at once, however late the replica is', async () => {
    const { id } = await admin.createShow();
    await untilReplicaAnswers(api);
    await pair.delayReplay('10s');
    const { body: booking } = await ada.hold(id);
    const list = await ada.request('GET', '/api/v1/bookings');
    expect(list.body.data).toMatchObject([{ id: booking.id, status: 'PENDING' }]);
    const one = await ada.request('GET', `/api/v1/bookings/${booking.id}`);
    expect(one.body).toMatchObject({ id: booking.id, status: 'PENDING' });
    await ada.act('confirm', booking.id);
    const confirmed = await ada.request('GET', '/api/v1/bookings');
    expect(confirmed.body.data).toMatchObject([{ id: booking.id, status: 'CONFIRMED' }]);
    expect(await pair.onReplica('SELECT 1 FROM bookings')).toEqual([]);
  });

  it('never goes back to the text from before an edit, however late the replica is', async () => {
    const { id } = await admin.createShow({ title: 'Old Marmalade' });
    await Promise.all([untilReplicaAnswers(api), untilReplicaAnswers(other)]);
    await pair.delayReplay('10s');
    const titles = async (at: ApiProcess, turn: number): Promise<string[]> => {
      const limit = (turn % 90) + 10;
      const paths = [`/${id}`, `?limit=${limit}`, '?q=marmalade'];
      const answers = await Promise.all(
        paths.map((path) => at.client().request('GET', `/api/v1/shows${path}`)),
      );
      return answers.flatMap(({ body }) =>
        (body.data ?? [body])
          .filter((show: { id: string }) => show.id === id)
          .map((show: { title: string }) => show.title),
      );
    };
    const all = (title: string) => [title, title, title];
    const edit = { title: 'New Marmalade' };
    expect(await titles(other, 0)).toEqual(all('Old Marmalade'));
    expect((await admin.request('PATCH', `/api/v1/shows/${id}`, { body: edit })).status).toBe(200);
    expect(await titles(api, 0)).toEqual(all('New Marmalade'));
    expect(await pair.onReplica(`SELECT title FROM shows WHERE id = '${id}'`)).toEqual([
      { title: 'Old Marmalade' },
    ]);
    // The other process receives the broadcast.
    await eventually(
      async () => expect(await titles(other, 0)).toEqual(all('New Marmalade')),
      1_000,
    );
    const [before, otherBefore] = [await answeredByReplica(api), await answeredByReplica(other)];
    const editedAt = performance.now();
    let turn = 1;
    const lookOnUntil = async (ms: number) => {
      for (; performance.now() - editedAt < ms; turn++) {
        expect(await titles(api, turn)).toEqual(all('New Marmalade'));
        expect(await titles(other, turn)).toEqual(all('New Marmalade'));
        await sleep(50);
      }
    };
    await lookOnUntil(8_000);
    expect(await answeredByReplica(api)).toBe(before);
    expect(await answeredByReplica(other)).toBe(otherBefore);
    await lookOnUntil(12_000);
    expect(await answeredByReplica(api)).toBeGreaterThan(before);
    expect(await answeredByReplica(other)).toBeGreaterThan(otherBefore);
  }, 60_000);

  it('leaves it out when it is too far behind, and takes it back', async () => {
    const strict = await installation.startApi({ REPLICA_MAX_LAG_MS: '500' });
    await untilReplicaAnswers(strict);
    await pair.delayReplay('60s');
    const { id } = await admin.createShow();
    await ada.hold(id);
    await eventually(() =>
      expect(logged(strict)).toEqual(['read replica in use', 'read replica ejected']),
    );
    expect(await metric(strict, 'modex_replica_in_use')).toBe(0);
    expect(await metric(strict, 'modex_replica_lag_seconds')).toBeGreaterThan(0.5);
    await pair.delayReplay('0');
    await untilReplicaAnswers(strict);
    expect(await metric(strict, 'modex_replica_in_use')).toBe(1);
    await eventually(() => expect(logged(strict).slice(2)).toEqual(['read replica in use']));
  });

  describe('that goes away while people look', () => {
    /** People who look without a pause, until told to stop; resolves to what they were answered. */
    const lookOn = (at: ApiProcess) => {
      const statuses = new Map<number, number>();
      let slowestMs = 0;
      let stopped = false;
      const looking = Array.from({ length: 4 }, async () => {
        while (!stopped) {
          const began = performance.now();
          const { status } = await search(at, 'show');
          slowestMs = Math.max(slowestMs, performance.now() - began);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          await sleep(5);
        }
      });
      return async () => {
        stopped = true;
        await Promise.all(looking);
        return { statuses: [...statuses.keys()], slowestMs };
      };
    };

    it('is missed by nobody when it stops, and is read from when it is back', async () => {
      await untilReplicaAnswers(api);
      const stopLooking = lookOn(api);
      await pair.replica.stop('immediate');
      await sleep(2_000);
      await pair.replica.start();
      await eventually(async () => {
        expect(await metric(api, 'modex_replica_in_use')).toBe(1);
      }, 10_000);
      await untilReplicaAnswers(other, 10_000);
      const { statuses, slowestMs } = await stopLooking();
      expect(statuses).toEqual([200]);
      expect(slowestMs).toBeLessThan(1_500);
    }, 60_000);

    it('makes few wait, and those not long, when it falls silent', async () => {
      await untilReplicaAnswers(api);
      const stopLooking = lookOn(api);
      pair.replica.freeze();
      try {
        await eventually(async () => expect(await metric(api, 'modex_replica_in_use')).toBe(0));
        await sleep(2_000);
      } finally {
        pair.replica.thaw();
      }
      await eventually(async () => {
        expect(await metric(api, 'modex_replica_in_use')).toBe(1);
      }, 10_000);
      const { statuses, slowestMs } = await stopLooking();
      expect(statuses).toEqual([200]);
      expect(slowestMs).toBeLessThan(4_000);
    }, 60_000);

    it('keeps no process from ending, even when it is silent', async () => {
      const leaving = await installation.startApi();
      await untilReplicaAnswers(leaving);
      pair.replica.freeze();
      try {
        const began = performance.now();
        expect(await leaving.process.stop()).toBe(0);
        expect(performance.now() - began).toBeLessThan(5_000);
      } finally {
        pair.replica.thaw();
      }
    }, 60_000);
  });
});
