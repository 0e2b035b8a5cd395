import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, Answer } from '../../../test/api-client.js';
import { Installation, TEST_SECRET, type ApiProcess } from '../../../test/installation.js';

const NOWHERE = '01900000-0000-7000-8000-000000000000';

interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  requestId: string;
  errors?: { path: string; message: string }[];
}

describe('bad input', () => {
  let installation: Installation;
  let api: ApiProcess;
  let nobody: ApiClient;
  let customer: ApiClient;
  let admin: ApiClient;
  let showId: string;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    nobody = api.client();
    customer = await api.client().register();
    admin = await api.client().registerAdmin();
    showId = (await admin.createShow()).id;
  });
  afterAll(() => installation.stop());

  const expectProblem = (answer: Answer<Problem>, status: number, code: string, path?: string) => {
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({
      type: 'about:blank',
      status,
      code,
      requestId: answer.headers.get('x-request-id'),
    });
    expect(answer.body.detail).not.toBe('');
    if (path) expect(answer.body.errors?.map((error) => error.path)).toContain(path);
  };

  it.each([
    ['malformed JSON', '{"showId":', 400, 'BAD_REQUEST'],
    ['an empty body', '', 400, 'VALIDATION_FAILED'],
    ['a text instead of an object', '"text"', 400, 'VALIDATION_FAILED'],
    ['a list instead of an object', '[]', 400, 'VALIDATION_FAILED'],
    ['null', 'null', 400, 'VALIDATION_FAILED'],
  ])('that is %s is a problem', async (_, raw, status, code) => {
    const answer = await customer.request('POST', '/api/v1/bookings', { raw });
    expectProblem(answer, status, code);
  });

  it.each([
    ['a show id that is none', { showId: 'x' }, 'showId'],
    ['a show id that is a number', { showId: 7 }, 'showId'],
    ['no slots', { quantity: 0 }, 'quantity'],
    ['ten thousand slots', { quantity: 10_000 }, 'quantity'],
    ['a part of a slot', { quantity: 1.5 }, 'quantity'],
    ['slots as a text', { quantity: '2' }, 'quantity'],
    ['slots that are null', { quantity: null }, 'quantity'],
    ['an unknown field', { status: 'CONFIRMED' }, 'status'],
    ['a customer who is a text', { customer: 'Ada' }, 'customer'],
    ['a customer’s unknown field', { customer: { role: 'ADMIN' } }, 'customer.role'],
    ['a customer’s bad phone', { customer: { phone: '12' } }, 'customer.phone'],
    ['a customer’s name with a NUL', { customer: { name: 'a\0b' } }, 'customer.name'],
    ['half a character in a name', { customer: { name: '\ud800' } }, 'customer.name'],
    ['half a character in an address', { customer: { email: '\ud800@x.yz' } }, 'customer.email'],
  ])('in a booking is named: %s', async (_, fields, path) => {
    const body = { showId, ...fields };
    const answer = await customer.request('POST', '/api/v1/bookings', { body });
    expectProblem(answer, 400, 'VALIDATION_FAILED', path);
  });

  it.each([
    ['an empty title', { title: '  ' }, 'title'],
    ['a title that is null', { title: null }, 'title'],
    ['a description that is null', { description: null }, 'description'],
    ['an unknown kind', { kind: 'PLANE' }, 'kind'],
    ['a time without an offset', { startsAt: '2030-01-01T10:00:00' }, 'startsAt'],
    ['a day that does not exist', { startsAt: '2030-02-30T10:00:00Z' }, 'startsAt'],
    ['a time zone that does not exist', { timeZone: 'Mars/Olympus' }, 'timeZone'],
    ['no slots', { totalSlots: 0 }, 'totalSlots'],
    ['too many slots', { totalSlots: 1_000_001 }, 'totalSlots'],
    ['an end before the start', { endsAt: '2020-01-01T10:00:00Z' }, 'endsAt'],
    ['an opening after the start', { bookingOpensAt: '2200-01-01T10:00:00Z' }, 'bookingOpensAt'],
    ['a sale after the start', { bookingClosesAt: '2200-01-01T10:00:00Z' }, 'bookingClosesAt'],
    ['a year beyond all years', { startsAt: '9999-12-31T23:59:59-23:59' }, 'startsAt'],
    ['a counter', { availableSlots: 5 }, 'availableSlots'],
  ])('in a show is named: %s', async (_, fields, path) => {
    const answer = await admin.request('PATCH', `/api/v1/shows/${showId}`, { body: fields });
    expectProblem(answer, 400, 'VALIDATION_FAILED', path);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=many', 'limit'],
    ['cursor=abc', 'cursor'],
    ['kind=PLANE', 'kind'],
    ['from=yesterday', 'from'],
    ['available=maybe', 'available'],
    ['unknown=1', 'unknown'],
    ['q=a&q=b', 'q'],
  ])('in a query is named: %s', async (query, path) => {
    const answer = await nobody.request('GET', `/api/v1/shows?${query}`);
    expectProblem(answer, 400, 'VALIDATION_FAILED', path);
  });

  it('in a tampered cursor is noticed, and a cursor of one list is no good for another', async () => {
    await admin.createShow();
    const { body } = await nobody.request('GET', '/api/v1/shows?limit=1');
    const cursor = String(body.page.nextCursor);
    const at = cursor.length - 3;
    const tampered = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
    for (const path of [`/api/v1/shows?cursor=${tampered}`, `/api/v1/bookings?cursor=${cursor}`]) {
      expectProblem(await customer.request('GET', path), 400, 'VALIDATION_FAILED', 'cursor');
    }
  });

  it('about things that do not exist is 404', async () => {
    const of = (method: string, path: string) => admin.request(method, path);
    for (const id of [NOWHERE, 'x', '%00', 'a'.repeat(900)]) {
      expectProblem(await of('GET', `/api/v1/shows/${id}`), 404, 'SHOW_NOT_FOUND');
      expectProblem(await of('DELETE', `/api/v1/shows/${id}`), 404, 'SHOW_NOT_FOUND');
      expectProblem(await of('GET', `/api/v1/shows/${id}/bookings`), 404, 'SHOW_NOT_FOUND');
      expectProblem(await of('GET', `/api/v1/bookings/${id}`), 404, 'BOOKING_NOT_FOUND');
      expectProblem(await of('POST', `/api/v1/bookings/${id}/confirm`), 404, 'BOOKING_NOT_FOUND');
    }
    expectProblem((await customer.hold(NOWHERE)) as never, 404, 'SHOW_NOT_FOUND');
    expectProblem(await of('GET', '/api/v1/nothing'), 404, 'NOT_FOUND');
    expectProblem(await of('GET', '/nothing'), 404, 'NOT_FOUND');
    expectProblem(await of('GET', '/api/v1/shows/%zz'), 400, 'BAD_REQUEST');
  });

  it('in the method is 405 and says what is allowed', async () => {
    const answer = await nobody.request('PUT', '/api/v1/shows');
    expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it('that is too long is 413, and of another media type 415', async () => {
    const long = await customer.request('POST', '/api/v1/bookings', {
      body: { showId, customer: { name: 'x'.repeat(70_000) } },
    });
    expectProblem(long, 413, 'PAYLOAD_TOO_LARGE');
    const xml = await customer.request('POST', '/api/v1/bookings', {
      raw: '<booking/>',
      headers: { 'content-type': 'application/xml' },
    });
    expectProblem(xml, 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it.each([
    ['a show', 'PATCH', (show: string) => `/api/v1/shows/${show}`, 81_920, 'description'],
    ['a booking', 'POST', () => '/api/v1/bookings', 16_384, 'x'],
    ['a sign-in', 'POST', () => '/api/v1/auth/login', 8_192, 'password'],
    ['preferences', 'PATCH', () => '/api/v1/me/preferences', 8_192, 'x'],
  ] as const)('that is too long for %s is 413', async (_, method, path, limit, field) => {
    const body = (length: number) => {
      const empty = JSON.stringify({ [field]: '' });
      return JSON.stringify({ [field]: 'x'.repeat(length - empty.length) });
    };
    const longest = await admin.request(method, path(showId), { raw: body(limit) });
    expectProblem(longest, 400, 'VALIDATION_FAILED', field === 'password' ? 'email' : field);
    const longer = await admin.request(method, path(showId), { raw: body(limit + 1) });
    expectProblem(longer, 413, 'PAYLOAD_TOO_LARGE');
  });

  it('as long as a show may be fits, with every character escaped', async () => {
    const escaped = (length: number) => '\\ud83d\\ude00'.repeat(length);
    const names = ['title', 'venue', 'origin', 'destination', 'practitioner'];
    const fields = names.map((name) => `"${name}":"${escaped(200)}"`).join();
    const raw = `{${fields},"region":"${escaped(100)}","description":"${escaped(5_000)}"}`;
    const { id } = await admin.createShow();
    expect((await admin.request('PATCH', `/api/v1/shows/${id}`, { raw })).status).toBe(200);
  });

  it.each([
    ['a list where an object belongs', `{"customer":[${'{},'.repeat(150)}{}]}`, 'customer'],
    ['five thousand empty objects', `{"customer":[${'{},'.repeat(5_000)}{}]}`, 'customer'],
    ['nesting', `{"customer":${'['.repeat(8_000)}${']'.repeat(8_000)}}`, 'customer'],
    ['nested objects', `{"x":${'{"a":'.repeat(1_500)}1${'}'.repeat(1_500)}}`, 'x.a.a.a.a.a.a.a'],
    ['thousands of properties', `{${'"a":1,'.repeat(9)}"b":[${'1,'.repeat(1_000)}1]}`, 'body'],
    ['a property that objects have', '{"constructor":1}', 'constructor'],
    ['another', '{"customer":{"toString":1}}', 'customer.toString'],
    ['a prototype', '{"__proto__":{"quantity":1}}', '__proto__'],
    ['a prototype in the customer', '{"customer":{"__proto__":{}}}', 'customer.__proto__'],
  ])('in the shape of a body is named: %s', async (_, raw, path) => {
    const answer = await customer.request('POST', '/api/v1/bookings', { raw });
    expectProblem(answer, 400, 'VALIDATION_FAILED', path);
    expect(answer.body.errors!.length).toBeLessThanOrEqual(20);
  });

  it('nests a body at sign-in, where anybody may send one', async () => {
    for (const raw of [
      `{"email":${'['.repeat(4_000)}${']'.repeat(4_000)}}`,
      `${'['.repeat(4_000)}${']'.repeat(4_000)}`,
      `{"a":${'{"a":'.repeat(1_300)}1${'}'.repeat(1_300)}}`,
    ]) {
      for (const path of ['login', 'register']) {
        const answer = await nobody.request('POST', `/api/v1/auth/${path}`, { raw });
        expectProblem(answer, 400, 'VALIDATION_FAILED');
      }
    }
  });

  it.each([
    ['thousands of parameters', Array.from({ length: 2_000 }, (_, i) => `p${i}=`).join('&')],
    ['one parameter over and over', 'q=a&'.repeat(3_000)],
    ['a prototype', '__proto__=a&constructor=b&toString=c'],
  ])('in a query is refused: %s', async (_, query) => {
    const answer = await nobody.request('GET', `/api/v1/shows?${query}`);
    expectProblem(answer, 400, 'VALIDATION_FAILED');
    expect(answer.body.errors!.length).toBeLessThanOrEqual(20);
  });

  it('is a form, which any page could send in a visitor’s name', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
      const answer = await nobody.request('POST', '/api/v1/auth/login', {
        raw: 'email=a@example.com&password=correct%20horse%20battery',
        headers: { 'content-type': type },
      });
      expectProblem(answer, 415, 'UNSUPPORTED_MEDIA_TYPE');
    }
  });

  it('that Node itself cannot read, or not so much of, is a problem too', async () => {
    const long = await nobody.request('GET', `/api/v1/shows?q=${'a'.repeat(20_000)}`);
    expectProblem(long, 431, 'HEADERS_TOO_LARGE');
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname).end('NONSENSE\r\n\r\n');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    await once(socket, 'close');
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('in an idempotency key is named', async () => {
    for (const key of ['a b', 'x'.repeat(256), '""']) {
      const answer = await customer.hold(showId, 1, key);
      expectProblem(answer as never, 400, 'VALIDATION_FAILED', 'Idempotency-Key');
    }
  });

  it('loses nothing: no booking was made by any of it', async () => {
    const { availableSlots, heldSlots } = await nobody.show(showId);
    expect({ availableSlots, heldSlots }).toEqual({ availableSlots: 10, heldSlots: 0 });
  });

  describe('in the access token', () => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const sign = (header: object, claims: object, secret: string, hash = 'sha256') => {
      const text = `${encode(header)}.${encode(claims)}`;
      return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
    };
    const secret = TEST_SECRET;
    const claims = () => ({
      sub: customer.userId,
      role: 'ADMIN',
      typ: 'access',
      iss: 'modex-booking',
      aud: 'modex-api',
      exp: Math.floor(Date.now() / 1_000) + 600,
    });
    const me = (token: string) =>
      nobody.request('GET', '/api/v1/auth/me', { headers: { authorization: `Bearer ${token}` } });

    it('is refused whatever is wrong with it', async () => {
      const HS256 = { alg: 'HS256', typ: 'JWT' };
      const bad = [
        '',
        'nonsense',
        sign(HS256, claims(), 'a forger’s secret'),
        sign({ alg: 'HS512', typ: 'JWT' }, claims(), secret, 'sha512'),
        `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims())}.`,
        sign(HS256, { ...claims(), exp: 1 }, secret),
        sign(HS256, { ...claims(), iss: 'somebody' }, secret),
        sign(HS256, { ...claims(), aud: 'something' }, secret),
        sign(HS256, { ...claims(), typ: 'refresh' }, secret),
      ];
      for (const token of bad) expectProblem(await me(token), 401, 'UNAUTHORIZED');
      expect((await me(sign(HS256, claims(), secret))).status).toBe(200);
      expectProblem(await nobody.request('GET', '/api/v1/bookings'), 401, 'UNAUTHORIZED');
    });

    it('is the whole header: beside it is nothing else', async () => {
      const token = customer.accessToken!;
      const headers = [
        `Bearer ${token} ${'x'.repeat(8_000)}`,
        `Bearer ${token}, Bearer ${token}`,
        'x'.repeat(15_000),
        `Bearer ${'='.repeat(15_000)}`,
        `Bearer${' '.repeat(15_000)}${token}`,
      ];
      for (const authorization of headers) {
        const answer = await nobody.request('GET', '/api/v1/auth/me', {
          headers: { authorization },
        });
        expectProblem(answer, 401, 'UNAUTHORIZED');
      }
    });

    it('of a customer opens nothing of an admin’s', async () => {
      for (const [method, path] of [
        ['POST', '/api/v1/shows'],
        ['PATCH', `/api/v1/shows/${showId}`],
        ['DELETE', `/api/v1/shows/${showId}`],
        ['POST', `/api/v1/shows/${showId}/cancel`],
        ['GET', `/api/v1/shows/${showId}/bookings`],
      ] as const) {
        expectProblem(await customer.request(method, path), 403, 'FORBIDDEN');
      }
    });
  });
});
