import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

describe('accounts and sessions', () => {
  let installation: Installation;
  let api: ApiProcess;
  let anyone: ApiClient;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    anyone = api.client();
  });
  afterAll(() => installation.stop());

  const password = 'correct horse battery';
  const post = (path: string, body?: object, cookie?: string) =>
    anyone.request('POST', `/api/v1/auth/${path}`, {
      body,
      headers: cookie === undefined ? {} : { cookie },
    });
  const cookieOf = (answer: { headers: Headers }) =>
    answer.headers.get('set-cookie')!.split(';')[0]!;
  const hex = (token: string) => Buffer.from(token, 'base64url').toString('hex');
  const ofUser = 'user_id = (SELECT id FROM users WHERE email = $1)';
  const tokensOf = (email: string) =>
    installation.database.query(`SELECT *, token_hash::text FROM refresh_tokens WHERE ${ofUser}`, [
      email,
    ]);
  const age = (email: string, column: string, by: string) =>
    installation.database.query(
      `UPDATE refresh_tokens SET ${column} = ${column} - interval '${by}' WHERE ${ofUser}`,
      [email],
    );

  it('are opened once for an e-mail address, whatever its case', async () => {
    const created = await post('register', { email: 'Ada@Example.com', password, name: 'Ada' });
    expect(created).toMatchObject({
      status: 201,
      body: {
        user: { email: 'Ada@Example.com', name: 'Ada', role: 'CUSTOMER' },
        accessToken: expect.any(String),
        expiresIn: 900,
      },
    });
    expect(created.body.user).not.toHaveProperty('passwordHash');
    const taken = await post('register', { email: 'ada@example.COM', password });
    expect(taken).toMatchObject({ status: 409, body: { code: 'EMAIL_TAKEN' } });
  });

  it('cannot be opened with a role, a weak password or a bad address', async () => {
    const email = 'eve@example.com';
    for (const body of [
      { email, password, role: 'ADMIN' },
      { email, password: 'short' },
      { email: 'not an address', password },
      { password },
    ]) {
      expect(await post('register', body)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED' },
      });
    }
  });

  it('are entered with the right password only, and a wrong address reads the same', async () => {
    await post('register', { email: 'bob@example.com', password });
    expect((await post('login', { email: 'BOB@example.com', password })).status).toBe(200);
    const wrong = await post('login', { email: 'bob@example.com', password: 'wrong' });
    const unknown = await post('login', { email: 'nobody@example.com', password });
    for (const answer of [wrong, unknown]) {
      expect(answer).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } });
    }
    expect(unknown.body.detail).toBe(wrong.body.detail);
  });

  it('say who one is', async () => {
    const cy = await api.client().register('cy@example.com');
    const me = await cy.request('GET', '/api/v1/auth/me');
    expect(me).toMatchObject({ status: 200, body: { id: cy.userId, email: 'cy@example.com' } });
  });

  it('keep the refresh token from scripts and other sites, and rotate it at every use', async () => {
    const session = await post('register', { email: 'dee@example.com', password });
    const header = session.headers.get('set-cookie')!;
    expect(header).toMatch(/HttpOnly/);
    expect(header).toMatch(/SameSite=Strict/);
    expect(header).toMatch(/Path=\/api\/v1\/auth/);
    expect(header).not.toMatch(/Secure/);
    const refreshed = await post('refresh', undefined, cookieOf(session));
    expect(refreshed).toMatchObject({ status: 200, body: { user: { email: 'dee@example.com' } } });
    expect(cookieOf(refreshed)).not.toBe(cookieOf(session));
    expect((await post('refresh', undefined, cookieOf(refreshed))).status).toBe(200);
  });

  it('replace the session that a client had when it signs in again', async () => {
    const before = cookieOf(await post('register', { email: 'again@example.com', password }));
    const after = await post('login', { email: 'again@example.com', password }, before);
    expect((await post('refresh', undefined, before)).status).toBe(401);
    expect((await post('refresh', undefined, cookieOf(after))).status).toBe(200);
  });

  it('give the same successor to everybody who refreshes with the same token at once', async () => {
    const session = await post('register', { email: 'tabs@example.com', password });
    const second = await installation.startApi();
    const answers = await Promise.all(
      [api, second, api, second].map((process) =>
        process.client().request('POST', '/api/v1/auth/refresh', {
          headers: { cookie: cookieOf(session) },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(cookieOf)).size).toBe(1);
    expect(await tokensOf('tabs@example.com')).toHaveLength(2);
    expect((await post('refresh', undefined, cookieOf(answers[0]!))).status).toBe(200);
  });

  it('are kept by a browser whose answers got lost: the token of before gives the newest', async () => {
    const first = cookieOf(await post('register', { email: 'lost@example.com', password }));
    const second = cookieOf(await post('refresh', undefined, first));
    const third = cookieOf(await post('refresh', undefined, second));
    await age('lost@example.com', 'rotated_at', '29 s');
    for (const cookie of [first, second, first]) {
      const again = await post('refresh', undefined, cookie);
      expect(again.status).toBe(200);
      expect(cookieOf(again)).toBe(third);
    }
    expect(await tokensOf('lost@example.com')).toHaveLength(3);
  });

  it('store nothing that a token could be read from', async () => {
    const first = cookieOf(await post('register', { email: 'plain@example.com', password }));
    const second = cookieOf(await post('refresh', undefined, first));
    const stored = JSON.stringify(await tokensOf('plain@example.com'));
    for (const cookie of [first, second]) {
      const token = cookie.split('=')[1]!;
      for (const form of [token, Buffer.from(token).toString('hex'), hex(token)]) {
        expect(stored).not.toContain(form);
      }
    }
  });

  it('end everywhere when a used refresh token comes back later', async () => {
    const stolen = cookieOf(await post('register', { email: 'stolen@example.com', password }));
    const newest = cookieOf(await post('refresh', undefined, stolen));
    await age('stolen@example.com', 'rotated_at', '31 s');
    for (const cookie of [stolen, newest]) {
      expect(await post('refresh', undefined, cookie)).toMatchObject({
        status: 401,
        body: { code: 'REFRESH_INVALID' },
      });
    }
  });

  it('end 90 days after the sign-in, however often they are used', async () => {
    const email = 'always@example.com';
    const first = cookieOf(await post('register', { email, password }));
    await age(email, 'family_started_at', '89 days 23 hours');
    const last = await post('refresh', undefined, first);
    expect(last.status).toBe(200);
    const [, expires] = /Expires=([^;]+)/.exec(last.headers.get('set-cookie')!)!;
    expect(Date.parse(expires!)).toBeLessThan(Date.now() + 3_601_000);
    await age(email, 'family_started_at', '1 hour');
    expect((await post('refresh', undefined, cookieOf(last))).status).toBe(401);
  });

  it('of the release before go on, and end 90 days after their first token too', async () => {
    const email = 'older@example.com';
    const first = cookieOf(await post('register', { email, password }));
    // As the release before leaves a token: it knows neither of the columns.
    await installation.database.query(
      `UPDATE refresh_tokens SET family_started_at = NULL, rotated_at = now(), successor_salt = NULL
       WHERE user_id = (SELECT id FROM users WHERE email = $1)`,
      [email],
    );
    const second = await post('refresh', undefined, first);
    expect(second.status).toBe(200);
    expect(cookieOf(await post('refresh', undefined, first))).toBe(cookieOf(second));
    await age(email, 'created_at', '91 days');
    await age(email, 'family_started_at', '91 days');
    expect((await post('refresh', undefined, cookieOf(second))).status).toBe(401);
  });

  it('end at logout', async () => {
    const cookie = cookieOf(await post('register', { email: 'out@example.com', password }));
    const out = await post('logout', undefined, cookie);
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/modex_refresh=;/);
    expect((await post('refresh', undefined, cookie)).status).toBe(401);
    expect((await post('refresh')).status).toBe(401);
    expect((await post('logout')).status).toBe(204);
  });

  it('are refused when too many want their password hashed at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => post('login', { email: 'bob@example.com', password })),
    );
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(40);
    expect(refused[0]).toMatchObject({ body: { code: 'OVERLOADED' } });
    expect(refused[0]!.headers.get('retry-after')).toBe('1');
  });
});

describe('limits', () => {
  let installation: Installation;
  let api: ApiProcess;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi({ RATE_LIMIT: 'on' }));
  });
  afterAll(() => installation.stop());

  it('stop who guesses passwords, and say when to come back', async () => {
    const anyone = api.client();
    const login = () =>
      anyone.request('POST', '/api/v1/auth/login', { body: { email: 'x@y.zz', password: 'x' } });
    const first = await login();
    expect(first.status).toBe(401);
    expect(first.headers.get('ratelimit-policy')).toBe('"sign-in";q=20;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"sign-in";r=19;t=\d+$/);
    for (let i = 0; i < 19; i++) await login();
    const stopped = await login();
    expect(stopped).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await anyone.request('GET', '/api/v1/shows')).status).toBe(200);
  });

  it('mark the cookie as secure where the installation is reached by https', async () => {
    const { installation: httpsInstallation, api: secure } = await Installation.withApi({
      PUBLIC_URL: 'https://tickets.example.com',
    });
    try {
      const { headers } = await secure.client().request('POST', '/api/v1/auth/register', {
        body: { email: 'a@example.com', password: 'correct horse battery' },
      });
      expect(headers.get('set-cookie')).toMatch(/Secure/);
      expect(headers.get('strict-transport-security')).not.toBeNull();
    } finally {
      await httpsInstallation.stop();
    }
  });
});
