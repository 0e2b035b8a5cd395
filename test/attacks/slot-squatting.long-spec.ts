import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createBuyers } from '../../apps/api/test/support/buyers.js';
import type { ApiClient } from '../api-client.js';
import { Installation, type ApiProcess } from '../installation.js';

const BOTS = 30;
const SLOTS = 500;
/** Most slots that a request may ask for. */
const PARTY = 20;
const HOLD_SECONDS = 6;
/** The bots begin within this time, so that their holds do not end together. */
const FILL_MS = 1_500;
const RETRY_MS = 1_000;
const TIMEOUT_MS = 120_000;

/** When a bot gives back what it holds, to take it again. Milliseconds after it was held. */
const STRATEGIES = {
  'lets it lapse': Infinity,
  'cancels it in time': HOLD_SECONDS * 800,
  'cancels it again and again': HOLD_SECONDS * 100,
};

describe('accounts that hold what they do not buy', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.create({
      RATE_LIMIT: 'off',
      HOLD_SECONDS: String(HOLD_SECONDS),
    });
    await installation.startWorker();
  });
  afterAll(() => installation.stop());

  /** Holds as much as it can, and takes it again as soon as it is or could be free. */
  async function squat(bot: ApiClient, showId: string, keepMs: number, signal: AbortSignal) {
    await sleep(Math.random() * FILL_MS);
    const held: { id: string; since: number }[] = [];
    while (!signal.aborted) {
      const over = held.findIndex(({ since }) => performance.now() - since >= keepMs);
      if (over >= 0) {
        const [{ id } = { id: '' }] = held.splice(over, 1);
        await bot.act('cancel', id);
        await take(bot, showId, held);
      } else if (!(await take(bot, showId, held))) await sleep(100);
    }
  }

  async function take(bot: ApiClient, showId: string, held: { id: string; since: number }[]) {
    for (const quantity of [PARTY, PARTY / 2, 1]) {
      const { status, body } = await bot.hold(showId, quantity);
      if (status === 201) held.push({ id: body.id, since: performance.now() });
      if (status === 201) return true;
    }
    return false;
  }

  /** @returns after how many milliseconds an honest buyer got a slot; Infinity: not in that time */
  async function buy(buyer: ApiClient, showId: string, withinMs: number): Promise<number> {
    const begin = performance.now();
    for (let turn = 0; turn * RETRY_MS < withinMs; turn++) {
      await sleep(begin + turn * RETRY_MS - performance.now());
      const { status, body } = await buyer.hold(showId, 1);
      if (status === 201) {
        expect((await buyer.act('confirm', body.id)).status).toBe(200);
        return performance.now() - begin;
      }
    }
    return Infinity;
  }

  async function attack(api: ApiProcess, keepMs: number): Promise<number> {
    const { id } = await (await api.client().registerAdmin()).createShow({ totalSlots: SLOTS });
    const tokens = await createBuyers(installation, BOTS + 1);
    const [buyer, ...bots] = tokens.map((token) => api.client(token));
    const end = new AbortController();
    const squatting = bots.map((bot) => squat(bot, id, keepMs, end.signal));
    try {
      await sleep(FILL_MS);
      return await buy(buyer!, id, 2 * HOLD_SECONDS * 1_000);
    } finally {
      end.abort();
      await Promise.all(squatting);
    }
  }

  it('are one account with a whole show where nothing is limited, and with a few slots elsewhere', async () => {
    const heldBy = async (environment: NodeJS.ProcessEnv) => {
      const api = await installation.startApi(environment);
      const organiser = await api.client().registerAdmin();
      const { id } = await organiser.createShow({ totalSlots: SLOTS });
      const account = await api.client().register();
      const answers: number[] = [];
      for (let n = 0; n < SLOTS / PARTY; n++) {
        answers.push((await account.hold(id, PARTY)).status);
      }
      const buyer = await (await api.client().register()).hold(id);
      await api.process.stop();
      return { held: PARTY * answers.filter((status) => status === 201).length, buyer };
    };
    const unlimited = await heldBy({});
    expect(unlimited.held).toBe(SLOTS);
    expect(unlimited.buyer).toMatchObject({ status: 409, body: { code: 'SOLD_OUT' } });
    const limited = await heldBy({ MAX_HELD_SLOTS_PER_USER: String(PARTY) });
    expect(limited.held).toBe(PARTY);
    expect(limited.buyer.status).toBe(201);
  });

  it.each(Object.entries(STRATEGIES))(
    'leave a slot to an honest buyer within two hold lengths: each %s',
    async (strategy, keepMs) => {
      const unlimited = await installation.startApi();
      const before = await attack(unlimited, keepMs);
      await unlimited.process.stop();
      const limited = await installation.startApi({ MAX_HELD_SLOTS_PER_USER: String(PARTY) });
      const after = await attack(limited, keepMs);
      await limited.process.stop();
      const seconds = (ms: number) => (ms === Infinity ? 'never' : `${(ms / 1_000).toFixed(1)} s`);
      process.stdout.write(
        `${strategy}: a slot after ${seconds(after)}, without limits ${seconds(before)}\n`,
      );
      expect(after).toBeLessThan(2 * HOLD_SECONDS * 1_000);
      expect(await installation.audit()).toContain('drift in 0');
    },
    TIMEOUT_MS,
  );
});
