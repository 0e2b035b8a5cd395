import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { describeWith } from '../../../test/optional.js';
import { findPostgres, NO_POSTGRES } from '../../../test/postgres-server.js';
import { StreamingPair } from '../../../test/streaming-pair.js';
import { openTestDatabase } from '../../../test/test-database.js';

describeWith('a standby under DATABASE_URL', findPostgres(), NO_POSTGRES, (programs) => {
  let pair: StreamingPair;
  let installation: Installation;
  let api: ApiProcess;
  let ada: ApiClient;
  beforeAll(async () => {
    pair = await StreamingPair.start(programs);
    installation = Installation.on(openTestDatabase(pair.url, () => pair.stop()));
    api = await installation.startApi();
    ada = await api.client().registerAdmin();
  }, 60_000);
  afterAll(() => installation.stop());

  const ready = async () => (await api.client().request('GET', '/health/ready')).status;

  it('keeps API and worker from starting, and they say what it is', async () => {
    const standby = { DATABASE_URL: pair.replicaUrl };
    const sentence = /The database that DATABASE_URL names is a standby, which takes no bookings/;
    await expect(installation.startApi(standby)).rejects.toThrow(sentence);
    await expect(installation.startWorker(standby)).rejects.toThrow(sentence);
  });

  it('is 503 and not ready after a failover to it, until it is promoted', async () => {
    const { id } = await ada.createShow();
    await pair.primary.restartAsStandby();
    // Not the first request that finds its connection ended.
    await eventually(async () =>
      expect((await ada.hold(id)).body).toMatchObject({ status: 503, code: 'UNAVAILABLE' }),
    );
    await expect(ada.createShow()).rejects.toThrow(/"code":"UNAVAILABLE"/);
    expect((await ada.request('GET', '/api/v1/bookings')).status).toBe(200);
    expect(await ready()).toBe(503);
    await pair.primary.query('modex', 'SELECT pg_promote()');
    await eventually(async () => expect(await ready()).toBe(200));
    expect((await ada.hold(id)).status).toBe(201);
  });
});
