import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { metric } from '../../../test/metric.js';

describe('admission control', () => {
  let installation: Installation;
  let api: ApiProcess;
  let buyer: ApiClient;
  let admin: ApiClient;
  beforeAll(async () => {
    // So many lanes that a locked show has its own.
    const settings = { MAX_HOLDS_IN_FLIGHT: '5', LEDGER_LANES: '64', LEDGER_POOL_SIZE: '10' };
    ({ installation, api } = await Installation.withApi(settings));
    admin = await api.client().registerAdmin();
    buyer = await api.client().register();
  });
  afterAll(() => installation.stop());

  it('sheds holds past the limit before reading anything, and admits confirms', async () => {
    const locked = await admin.createShow();
    const others = await Promise.all(Array.from({ length: 4 }, () => admin.createShow()));
    const held = await Promise.all(others.map(({ id }) => buyer.hold(id)));
    const unlock = await installation.database.lockShow(locked.id);
    const waiting = Array.from({ length: 5 }, () => buyer.hold(locked.id));
    await eventually(async () =>
      expect(await metric(api, 'modex_requests_in_flight{kind="holds"}')).toBe(5),
    );

    const refused = await api.client().hold(locked.id);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('content-type')).toMatch('application/problem+json');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.body).toMatchObject({ code: 'OVERLOADED', status: 503 });
    const respelt = await api.client().request('POST', '/api/v1/%62ookings?again=1', { body: {} });
    expect(respelt.status).toBe(503);
    expect(await metric(api, 'modex_requests_shed_total{kind="holds"}')).toBe(2);
    const answered = 'modex_http_request_duration_seconds_count{method="POST"';
    const route = 'route="/api/v1/bookings",status="5xx",by="admission"}';
    expect(await metric(api, `${answered},${route}`)).toBe(2);
    expect(await metric(api, 'modex_problems_total{code="OVERLOADED"}')).toBe(2);
    const confirms = held.map(({ body }) => buyer.act('confirm', body.id));
    expect((await Promise.race(confirms)).status).toBe(200);

    await unlock();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(
      Array<number>(5).fill(201),
    );
    expect((await Promise.all(confirms)).map(({ status }) => status)).toEqual(
      Array<number>(4).fill(200),
    );
    expect((await buyer.hold(locked.id)).status).toBe(201);
    expect(await metric(api, 'modex_requests_in_flight{kind="holds"}')).toBe(0);
  });

  it('frees the place of a client that disconnects, and does not book for it', async () => {
    const show = await admin.createShow();
    const unlock = await installation.database.lockShow(show.id);
    const first = buyer.hold(show.id);
    await eventually(async () =>
      expect(await metric(api, 'modex_requests_in_flight{kind="holds"}')).toBe(1),
    );
    const leaving = new AbortController();
    const gone = Array.from({ length: 4 }, () =>
      fetch(`${api.url}/api/v1/bookings`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${buyer.accessToken}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ showId: show.id, quantity: 1 }),
        signal: leaving.signal,
      }).catch(() => null),
    );
    await eventually(async () =>
      expect(await metric(api, 'modex_requests_in_flight{kind="holds"}')).toBe(5),
    );
    leaving.abort();
    await Promise.all(gone);
    await eventually(async () =>
      expect(await metric(api, 'modex_requests_in_flight{kind="holds"}')).toBe(1),
    );
    await unlock();
    expect((await first).status).toBe(201);
    expect(await admin.show(show.id)).toMatchObject({ availableSlots: 9, heldSlots: 1 });
    expect(await metric(api, 'modex_lane_depth{lane="0"}')).toBe(0);
    expect(await metric(api, 'modex_batch_commands_count')).toBeGreaterThan(0);
  });
});
