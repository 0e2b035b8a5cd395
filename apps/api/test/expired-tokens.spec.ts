import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { accessToken } from './support/access-token.js';

describe('a token that has expired', () => {
  let installation: Installation;
  let api: ApiProcess;
  let ada: ApiClient;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    ada = await api.client().register();
  });
  afterAll(() => installation.stop());

  it('is refused although it was verified and cached before', async () => {
    const token = accessToken({ id: ada.userId, role: 'CUSTOMER' }, 3);
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
      exp: number;
    };
    const cached = api.client(token);
    const list = () => cached.request('GET', '/api/v1/bookings');
    // The second request finds the token in the cache.
    expect([(await list()).status, (await list()).status]).toEqual([200, 200]);
    await sleep(exp * 1_000 - Date.now());
    expect(await list()).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
  });

  it('opens no session: a refresh token that nobody used for 14 days', async () => {
    const email = 'long-ago@example.com';
    const { headers } = await api.client().request('POST', '/api/v1/auth/register', {
      body: { email, password: 'correct horse battery' },
    });
    const cookie = headers.get('set-cookie')!.split(';')[0]!;
    const refresh = () =>
      api.client().request('POST', '/api/v1/auth/refresh', { headers: { cookie } });
    const age = (by: string) =>
      installation.database.query(
        `UPDATE refresh_tokens SET expires_at = expires_at - $2::interval
         WHERE user_id = (SELECT id FROM users WHERE email = $1)`,
        [email, by],
      );
    await age('13 days 23 hours');
    expect((await refresh()).status).toBe(200);
    await age('14 days 1 hour');
    expect(await refresh()).toMatchObject({ status: 401, body: { code: 'REFRESH_INVALID' } });
  });
});
