import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { LiveClient } from '../../../test/live-client.js';

const OLD = 'the secret of last year, and long enough';
const NEW = 'the secret of this year, and long enough';

describe('while the secret is changed', () => {
  let installation: Installation;
  let before: ApiProcess;
  let during: ApiProcess;
  let after: ApiProcess;
  beforeAll(async () => {
    installation = await Installation.create();
    [before, during, after] = await Promise.all([
      installation.startApi({ JWT_SECRET: OLD, JWT_SECRET_PREVIOUS: NEW }),
      installation.startApi({ JWT_SECRET: NEW, JWT_SECRET_PREVIOUS: OLD }),
      installation.startApi({ JWT_SECRET: NEW }),
    ]);
  });
  afterAll(() => installation.stop());

  it('instances with either of both know everybody', async () => {
    for (const [from, to] of [
      [before, during],
      [during, before],
      [during, after],
    ] as const) {
      const { accessToken: token } = await from.client().register();
      const me = await to.client(token).request('GET', '/api/v1/auth/me');
      expect(me.status).toBe(200);
      (await LiveClient.connect(to.url, { token })).close();
    }
  });

  it('a page is turned on another instance', async () => {
    const admin = await before.client().registerAdmin();
    for (let n = 0; n < 2; n++) await admin.createShow();
    const first = await before.client().request('GET', '/api/v1/shows?limit=1');
    const path = `/api/v1/shows?limit=1&cursor=${first.body.page.nextCursor}`;
    expect((await during.client().request('GET', path)).status).toBe(200);
    expect((await after.client().request('GET', path)).status).toBe(400);
  });

  it('the old one ends where it is not named any more', async () => {
    const { accessToken } = await before.client().register();
    const me = await after.client(accessToken).request('GET', '/api/v1/auth/me');
    expect(me.status).toBe(401);
    await expect(LiveClient.connect(after.url, { token: accessToken })).rejects.toThrow();
  });
});
