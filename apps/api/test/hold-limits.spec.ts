import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

const LIMIT = 20;
/** As the default is. */
const HOLD_MS = 120_000;

describe('what one account may hold', () => {
  let installation: Installation;
  let api: ApiProcess;
  let admin: ApiClient;
  let ada: ApiClient;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi({
      MAX_HELD_SLOTS_PER_USER: String(LIMIT),
    }));
    admin = await api.client().registerAdmin();
    ada = await api.client().register();
  });
  afterAll(() => installation.stop());

  it('is limited, but not what is confirmed or repeated', async () => {
    const { id } = await admin.createShow({ totalSlots: 100 });
    const held = await ada.hold(id, LIMIT, 'all');
    expect(held.status).toBe(201);
    expect(await ada.hold(id)).toMatchObject({
      status: 409,
      body: { code: 'TOO_MANY_HELD', held: LIMIT, limit: LIMIT },
    });
    expect(await ada.hold(id, LIMIT, 'all')).toMatchObject({ status: 201, body: held.body });
    await ada.act('confirm', held.body.id);
    expect((await ada.hold(id)).status).toBe(201);
  });

  it('waits once it was given back a second time, and others do not', async () => {
    const { id } = await admin.createShow({ totalSlots: 20 });
    const bob = await api.client().register();
    const { body: most } = await bob.hold(id, 19);
    await bob.act('confirm', most.id);
    for (const quantity of [1, 1]) {
      const { status, body } = await ada.hold(id, quantity);
      expect(status).toBe(201);
      await ada.act('cancel', body.id);
    }
    const sent = Date.now();
    const refused = await ada.hold(id);
    expect(refused).toMatchObject({ status: 409, body: { code: 'REHOLD_TOO_SOON' } });
    const wait = Date.parse(String(refused.body['retryAt'])) - sent;
    expect(wait).toBeGreaterThan(HOLD_MS / 8);
    expect(wait).toBeLessThanOrEqual(HOLD_MS / 4);
    expect((await bob.hold(id)).status).toBe(201);
  });
});
