import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation } from '../../../test/installation.js';
import type { ServerProcess } from '../../../test/server-process.js';
import { ApiPair } from './support/api-pair.js';
import { createBuyers } from './support/buyers.js';

const SECONDS = 45;
const BUYERS = 24;

/** What a buyer was told of a booking last. */
type Told = 'held' | 'confirmed' | 'cancelled' | 'unknown';

describe('a sale during which API and worker are killed again and again', () => {
  let installation: Installation;
  let apis: ApiPair;
  let worker: ServerProcess;
  let admin: ApiClient;
  beforeAll(async () => {
    installation = await Installation.create({ HOLD_SECONDS: '3' });
    apis = await ApiPair.start(installation);
    worker = await installation.startWorker();
    admin = await apis.next().client().registerAdmin();
  });
  afterAll(() => installation.stop());

  it('never oversells, and keeps everything it acknowledged', async () => {
    const shows = await Promise.all(
      [1, 5, 40, 400].map((totalSlots) => admin.createShow({ totalSlots, maxSlotsPerUser: 50 })),
    );
    const told = new Map<string, Told>();
    const buyers = await createBuyers(installation, BUYERS);
    const end = performance.now() + SECONDS * 1_000;
    let refusals = 0;

    const attempt = async <Result>(run: () => Promise<Result>): Promise<Result | null> => {
      try {
        return await run();
      } catch {
        return null;
      }
    };
    const buy = async (token: string, i: number) => {
      for (let n = 0; performance.now() < end; n++) {
        const person = apis.next().client(token);
        const showId = shows[(i * 7 + n) % shows.length]!.id;
        const held = await attempt(() => person.hold(showId, 1 + (n % 3), `${i}-${n}`));
        if (held === null) await sleep(50);
        if (held?.status !== 201) {
          refusals += 1;
          continue;
        }
        const { id } = held.body;
        told.set(id, 'held');
        if (n % 4 === 0) continue;
        told.set(id, 'unknown');
        const confirmed = await attempt(() => person.act('confirm', id));
        if (confirmed?.status !== 200) continue;
        told.set(id, 'confirmed');
        if (n % 4 !== 1) continue;
        told.set(id, 'unknown');
        const cancelled = await attempt(() => person.act('cancel', id));
        if (cancelled?.status === 200) told.set(id, 'cancelled');
      }
    };
    const kill = async () => {
      for (let n = 0; performance.now() < end - 3_000; n++) {
        await sleep(2_000);
        const i = n % 3;
        if (i === 2) {
          await worker.stop('SIGKILL');
          worker = await installation.startWorker();
        } else {
          await apis.replace(i);
        }
      }
    };
    await Promise.all([kill(), ...buyers.map(buy)]);

    expect(told.size).toBeGreaterThan(100);
    expect(refusals).toBeGreaterThan(0);
    await sleep(5_000);
    for (const { id } of shows) {
      expect(await apis.next().client().show(id)).toMatchObject({ heldSlots: 0 });
    }
    const reader = apis.next().client(admin.accessToken);
    const allowed: Record<Told, string[]> = {
      held: ['CANCELLED'],
      confirmed: ['CONFIRMED'],
      cancelled: ['CANCELLED'],
      unknown: ['CONFIRMED', 'CANCELLED'],
    };
    for (const [id, state] of told) {
      const { status, body } = await reader.request('GET', `/api/v1/bookings/${id}`);
      expect(status).toBe(200);
      expect(allowed[state]).toContain(body.status);
    }
    expect(await installation.audit()).toBe('4 shows audited, drift in 0\n');
  }, 120_000);
});
