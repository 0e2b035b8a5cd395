import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation, type ApiProcess } from '../../../test/installation.js';

const PUBLIC = 'https://tickets.example.com';

describe('refresh and logout, which a browser signs with a cookie by itself', () => {
  let installation: Installation;
  let plain: ApiProcess;
  let secure: ApiProcess;
  beforeAll(async () => {
    installation = await Installation.create();
    [plain, secure] = await Promise.all([
      installation.startApi(),
      installation.startApi({ PUBLIC_URL: PUBLIC }),
    ]);
  });
  afterAll(() => installation.stop());

  const post = (api: ApiProcess, path: string, headers: Record<string, string>) =>
    api.client().request('POST', `/api/v1/auth/${path}`, { headers });
  const signIn = async (api: ApiProcess) => {
    const { headers } = await api.client().request('POST', '/api/v1/auth/register', {
      body: { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse battery' },
    });
    return headers.getSetCookie().find((each) => /modex_refresh=/.test(each))!;
  };

  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['of another port', { origin: 'http://127.0.0.1:1' }],
    ['without an origin of its own', { origin: 'null' }],
    ['whose origin cannot be read', { origin: 'tickets.example.com' }],
    ['that hides its origin, of another site', { 'sec-fetch-site': 'cross-site' }],
    ['that hides its origin, of a neighbour', { 'sec-fetch-site': 'same-site' }],
  ])('are refused to a page %s, and end nothing', async (_, headers) => {
    for (const api of [plain, secure]) {
      const [cookie = ''] = (await signIn(api)).split(';');
      for (const path of ['refresh', 'logout']) {
        const answer = await post(api, path, { cookie, ...headers });
        expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
        expect(answer.headers.get('set-cookie')).toBeNull();
      }
      expect((await post(api, 'refresh', { cookie })).status).toBe(200);
    }
  });

  it('are open to pages of their own origin, and to programs, which send none', async () => {
    const own: Record<string, string>[] = [{}, { 'sec-fetch-site': 'same-origin' }];
    for (const [api, origins] of [
      [plain, [{ origin: plain.url }]],
      [secure, [{ origin: PUBLIC }]],
    ] as const) {
      for (const headers of [...own, ...origins]) {
        const [cookie = ''] = (await signIn(api)).split(';');
        expect((await post(api, 'refresh', { cookie, ...headers })).status).toBe(200);
        expect((await post(api, 'logout', { cookie, ...headers })).status).toBe(204);
      }
    }
  });

  it('are refused to the same host over http, where the installation is reached by https', async () => {
    const [cookie = ''] = (await signIn(secure)).split(';');
    const origin = PUBLIC.replace('https', 'http');
    expect((await post(secure, 'refresh', { cookie, origin })).status).toBe(403);
  });

  it('take a cookie that is bound to this host by its name, where it comes by https', async () => {
    const cookie = await signIn(secure);
    expect(cookie).toMatch(/^__Host-modex_refresh=/);
    expect(cookie).toMatch(/; Path=\/(;|$)/);
    expect(cookie).toMatch(/; Secure/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Strict/);
    expect(cookie).not.toMatch(/Domain/i);
    const [value = ''] = cookie.split(';');
    // A neighbouring subdomain could set one of this name.
    const tossed = value.replace('__Host-', '');
    expect((await post(secure, 'refresh', { cookie: tossed })).status).toBe(401);
    const out = await post(secure, 'logout', { cookie: value });
    expect(out.headers.get('set-cookie')).toMatch(/^__Host-modex_refresh=;.*Path=\/;.*Secure/);
    expect((await post(secure, 'refresh', { cookie: value })).status).toBe(401);
  });
});
