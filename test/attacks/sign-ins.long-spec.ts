import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttackedSale, figures } from './support/attacked-sale.js';
import { measureAgainOnNoise } from './support/measure-again.js';

measureAgainOnNoise();

const ROUNDS = 5;
const SECONDS = 5;
const PER_SECOND = 20;

describe('a sale beside many who sign in', () => {
  let sale: AttackedSale;
  beforeAll(async () => {
    sale = await AttackedSale.start();
  }, 120_000);
  afterAll(() => sale.stop());

  /** Each with an account and an address of its own, so that no limit but the hashing's own holds it up. */
  const signIn = async (n: number): Promise<number> => {
    const { status } = await sale.api.client().request('POST', '/api/v1/auth/login', {
      body: { email: `nobody-${n}@example.test`, password: 'a guess like any other' },
      headers: { 'x-forwarded-for': `10.9.${n >> 8}.${n & 255}` },
    });
    return status;
  };

  it('keeps its latency: hashing has a share of the cores, and the rest is refused', async () => {
    const statuses = new Map<number, number>();
    const attack = async (signal: AbortSignal) => {
      const answers: Promise<void>[] = [];
      for (let n = 0; !signal.aborted; n++) {
        const count = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
        answers.push(signIn(n).then((status) => void count(status)));
        await sleep(1_000 / PER_SECOND);
      }
      await Promise.all(answers);
    };
    const without: number[] = [];
    const beside: number[] = [];
    // In turns, so that whatever else the machine does meanwhile is the same for both.
    for (let round = 1; round <= ROUNDS; round++) {
      const baseline = await sale.measure(SECONDS);
      const attacked = await sale.measure(SECONDS, attack);
      process.stderr.write(
        `${figures('without sign-ins', baseline)}\n${figures('beside sign-ins', attacked)}\n`,
      );
      expect(Object.keys(attacked.statuses)).toEqual(['201']);
      without.push(baseline.holds.p99);
      beside.push(attacked.holds.p99);
    }
    process.stderr.write(`sign-ins ${JSON.stringify(Object.fromEntries(statuses))}\n`);
    // Some are looked at all the while.
    expect(statuses.get(401)).toBeGreaterThan(ROUNDS * SECONDS);
    expect([...statuses.keys()].filter((status) => ![401, 503].includes(status))).toEqual([]);
    expect(median(beside)).toBeLessThan(2 * median(without));
  }, 120_000);
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
