import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation } from '../../../test/installation.js';

const LIMIT = 2;

describe('the address that rate limits count by', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.create({
      RATE_LIMIT: 'on',
      RATE_LIMIT_REQUESTS: String(LIMIT),
    });
  });
  afterAll(() => installation.stop());

  it.each([
    // Nobody in front is believed: all are the one connection.
    ['0', '10.0.0.1, 10.0.0.2, 10.0.0.3', ['10.9.9.9', '10.0.0.1, 10.0.0.2, 10.9.9.9'], []],
    [
      '1',
      '10.0.0.1, 10.0.0.2, 10.0.0.3',
      ['10.0.0.3', '10.9.9.9, 10.0.0.3'],
      ['10.0.0.1, 10.0.0.2, 10.9.9.9', '10.0.0.3, 10.9.9.8'],
    ],
    [
      '2',
      '10.0.0.1, 10.0.0.2, 10.0.0.3',
      ['10.0.0.2, 10.0.0.3', '10.9.9.9, 10.0.0.2, 10.9.9.9'],
      ['10.0.0.1, 10.9.9.9, 10.0.0.3', '10.0.0.2, 10.9.9.8, 10.0.0.3'],
    ],
  ])('is that of the proxy TRUST_PROXY_HOPS=%s steps away', async (hops, first, same, others) => {
    const api = await installation.startApi({ TRUST_PROXY_HOPS: hops });
    const ask = async (forwarded: string) => {
      const headers = { 'x-forwarded-for': forwarded };
      return (await api.client().request('GET', '/api/v1/shows', { headers })).status;
    };
    for (let i = 0; i < LIMIT; i++) expect(await ask(first)).toBe(200);
    for (const forwarded of [first, ...same]) expect(await ask(forwarded)).toBe(429);
    for (const forwarded of others) expect(await ask(forwarded)).toBe(200);
  });
});
