import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { laneOf } from '../../../libs/domain/src/ledger/group-commit.js';
import { Installation } from '../../../test/installation.js';

/** Long enough that a busy machine answers whoever does not wait for the lock well before. */
const LOCK_TIMEOUT_MS = 6_000;
const MAX_WAIT_MS = 2_000;
const LANES = 4;

describe('a show that somebody has locked at the prompt of the database', () => {
  let installation: Installation;
  let buyer: ApiClient;
  let admin: ApiClient;
  beforeAll(async () => {
    const settings = {
      LEDGER_LANES: String(LANES),
      LEDGER_BATCH_SIZE: '20',
      LEDGER_MAX_WAIT_MS: String(MAX_WAIT_MS),
    };
    const timeouts = { lock_timeout: `${LOCK_TIMEOUT_MS}ms` };
    installation = await Installation.create(settings, timeouts);
    const api = await installation.startApi();
    admin = await api.client().registerAdmin();
    buyer = await api.client().register();
  });
  afterAll(() => installation.stop());

  const timed = async (showId: string) => {
    const sent = performance.now();
    const { status, body } = await buyer.hold(showId);
    return { showId, status, code: (body as { code?: string }).code, ms: performance.now() - sent };
  };

  it('delays its own lane only, and everybody who waits is answered in time', async () => {
    const locked = (await admin.createShow({ totalSlots: 500 })).id;
    const others = await Promise.all(Array.from({ length: 16 }, () => admin.createShow()));
    // The first requests of a process take their time for other reasons.
    const warm = (await admin.createShow({ totalSlots: 100 })).id;
    await Promise.all(Array.from({ length: 100 }, () => timed(warm)));
    const unlock = await installation.database.lockShow(locked);
    const crowd = Promise.all(Array.from({ length: 200 }, () => timed(locked)));
    const neighbours = await Promise.all(
      Array.from({ length: 5 }, () => others.map(({ id }) => timed(id))).flat(),
    );
    const refused = await crowd;
    await unlock();

    expect(new Set(refused.map(({ status, code }) => `${status} ${code}`))).toEqual(
      new Set(['503 OVERLOADED']),
    );
    const bound = MAX_WAIT_MS + 2 * LOCK_TIMEOUT_MS;
    for (const { ms } of [...refused, ...neighbours]) expect(ms).toBeLessThanOrEqual(bound);
    const isBeside = ({ showId }: { showId: string }) =>
      laneOf(showId, LANES) !== laneOf(locked, LANES);
    const beside = neighbours.filter(isBeside);
    expect(beside.length).toBeGreaterThan(0);
    expect(new Set(beside.map(({ status }) => status))).toEqual(new Set([201]));
    expect(Math.max(...beside.map(({ ms }) => ms))).toBeLessThan(LOCK_TIMEOUT_MS);

    expect((await buyer.hold(locked)).status).toBe(201);
    expect(await admin.show(locked)).toMatchObject({ availableSlots: 499, heldSlots: 1 });
    expect(await installation.audit()).toMatch(/drift in 0/);
  });
});
