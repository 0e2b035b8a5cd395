import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttackedSale, figures } from './support/attacked-sale.js';
import { flood } from './support/flood.js';
import { measureAgainOnNoise } from './support/measure-again.js';

measureAgainOnNoise();

const SECONDS = 5;
const CONNECTIONS = 100;
const EMPTY = 'Content-Length: 0';

/**
 * As many requests as the API answers, over as many connections as the sale has, of kinds that never
 * get far. They take their share of the machine's two cores: what is shown is that the sale
 * keeps most of its own.
 */
describe('a sale beside a flood', () => {
  let sale: AttackedSale;
  beforeAll(async () => {
    // As if each came from an address of its own: no rate limit helps.
    const limits = { RATE_LIMIT_REQUESTS: '1000000', RATE_LIMIT_SIGN_INS: '1000000' };
    sale = await AttackedSale.start(limits);
  }, 60_000);
  afterAll(() => sale.stop());

  it.each<[string, string[]]>([
    ['unknown routes', ['GET /api/v1/nothing HTTP/1.1']],
    ['wrong methods', ['PUT /api/v1/shows HTTP/1.1', EMPTY]],
    ['no token', ['GET /api/v1/bookings HTTP/1.1']],
    ['a forged token', ['POST /api/v1/bookings HTTP/1.1', 'Authorization: Bearer a.b.c', EMPTY]],
    ['sign-ins', ['POST /api/v1/auth/login HTTP/1.1', EMPTY]],
  ])('keeps its place: %s', async (name, lines) => {
    const counts: Record<string, number> = {};
    const attack = flood(sale.api.url, lines, CONNECTIONS, counts);
    const baseline = await sale.measure(SECONDS);
    const measured = await sale.measure(SECONDS, attack);
    console.log(`${figures('no attack', baseline)}\n`);
    console.log(`${figures(name, measured)}, flood ${JSON.stringify(counts)}`);
    expect(Object.keys(measured.statuses)).toEqual(['201']);
    expect(measured.holds.p50).toBeLessThan(baseline.holds.p50 * 3);
    expect(measured.holds.p99).toBeLessThan(baseline.holds.p99 * 3);
    expect(measured.live.p99).toBeLessThan(Math.max(100, baseline.live.p99 * 2));
  });
});
