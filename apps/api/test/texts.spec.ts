import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

const REFUSED = [
  ...['\u200b', '\u3164', '\u2800', '\u00ad\u200d', 'a\u0007b', 'a\u202eb'],
  ...['line\r\nBcc: x@example.test', 'two\u2028lines'],
];
const ACCEPTED = ['क्‍ष', '👩‍👩‍👧 family day', 'O’Brien & sons', 'שלום'];
const LINES = ['title', 'venue', 'origin', 'destination', 'practitioner', 'region'];

describe('texts and numbers that people type', () => {
  let installation: Installation;
  let api: ApiProcess;
  let admin: ApiClient;
  let ada: ApiClient;
  let showId: string;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    [admin, ada] = await Promise.all([api.client().registerAdmin(), api.client().register()]);
    ({ id: showId } = await admin.createShow({ totalSlots: 100 }));
  });
  afterAll(() => installation.stop());

  const edit = (body: object) => admin.request('PATCH', `/api/v1/shows/${showId}`, { body });
  const hold = (customer: object, key: string = randomUUID()) =>
    ada.request('POST', '/api/v1/bookings', {
      body: { showId, customer },
      headers: { 'idempotency-key': key },
    });
  const register = (name: string) =>
    api.client().request('POST', '/api/v1/auth/register', {
      body: { email: `${randomUUID()}@example.com`, password: 'a rather long one 7', name },
    });
  const refusedAt = (path: string) => ({
    status: 400,
    body: { code: 'VALIDATION_FAILED', errors: [{ path }] },
  });

  it.each(REFUSED)('are refused in every field of one line: %j', async (text) => {
    for (const field of LINES)
      expect(await edit({ [field]: text })).toMatchObject(refusedAt(field));
    expect(await hold({ name: text })).toMatchObject(refusedAt('customer.name'));
    expect(await register(text)).toMatchObject(refusedAt('name'));
  });

  it.each(ACCEPTED)('are kept as they are: %s', async (text) => {
    for (const field of LINES) {
      const { status, body } = await edit({ [field]: text });
      expect({ status, kept: body[field] }).toEqual({ status: 200, kept: text });
    }
    expect((await hold({ name: text })).status).toBe(201);
    expect((await register(text)).body).toMatchObject({ user: { name: text } });
  });

  it('may have several lines in a description', async () => {
    const { body } = await edit({ description: ' One\r\nTwo\u2028Three\n' });
    expect(body.description).toBe('One\nTwo\nThree');
    expect(await edit({ description: 'a\u202eb' })).toMatchObject(refusedAt('description'));
  });

  it('are one phone number, and one request, in every spelling', async () => {
    const key = randomUUID();
    const first = await hold({ phone: '+49 170 123-45 67' }, key);
    expect(first.status).toBe(201);
    for (const phone of ['+491701234567', '0049 (170) 1234567', '+49\u00a0170/123.4567']) {
      const again = await hold({ phone }, key);
      expect(again).toMatchObject({ status: 201, body: { id: first.body.id } });
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    }
    const { body } = await admin.request('GET', `/api/v1/shows/${showId}/bookings`);
    expect(body.data[0].customer).toMatchObject({ phone: '+491701234567' });
    const preferences = { body: { phone: '0091 98765-43210' } };
    expect((await ada.request('PATCH', '/api/v1/me/preferences', preferences)).body).toMatchObject({
      phone: '+919876543210',
    });
    expect(await hold({ phone: '0170 1234567' })).toMatchObject(refusedAt('customer.phone'));
  });

  it.each([
    ['Café chantant', ['cafe\u0301', 'cafe', 'CAFÉ', 'caf\u200bé'], []],
    ['O’Brien live', ["O'Brien", 'o‘brien'], []],
    ['École du soir', ['ecole', 'école'], []],
    ['Балет Жизель', ['жизель', 'БАЛЕТ'], []],
    ['कुल सभा', ['कुल'], ['कल']],
  ])('%s is found by other spellings', async (title, by, notBy) => {
    const { id } = await admin.createShow({ title });
    const find = async (words: string) => {
      const { body } = await ada.request('GET', `/api/v1/shows?q=${encodeURIComponent(words)}`);
      return body.data.map((show: { id: string }) => show.id);
    };
    for (const words of by) expect(await find(words)).toEqual([id]);
    for (const words of notBy) expect(await find(words)).toEqual([]);
  });

  it.each(['j '.repeat(49) + '%', '%'.repeat(20), '_'.repeat(16), 'a b c d e f g h i j k l m n'])(
    'may be looked for: %s',
    async (words) => {
      const path = `/api/v1/shows?q=${encodeURIComponent(words)}`;
      expect(await ada.request('GET', path)).toMatchObject({ status: 200, body: { data: [] } });
    },
  );
});

describe('more searches than an API has places for', () => {
  it('wait for a moment, and past that are overloaded', async () => {
    const { installation, api } = await Installation.withApi({ MAX_SEARCHES_IN_FLIGHT: '1' });
    try {
      const client = api.client();
      const search = () => client.request('GET', '/api/v1/shows?q=any');
      const answers = await Promise.all(Array.from({ length: 60 }, search));
      const refused = answers.filter(({ status }) => status === 503);
      expect(refused.length).toBeGreaterThan(0);
      expect(answers.length - refused.length).toBeGreaterThanOrEqual(17);
      expect(refused[0]!.body).toMatchObject({ code: 'OVERLOADED' });
      expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await installation.stop();
    }
  });
});
