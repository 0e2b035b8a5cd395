import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation, TEST_SECRET, type ApiProcess } from '../../../test/installation.js';

const PASSWORD = 'correct horse battery';

describe('guessing the password of one account', () => {
  let installation: Installation;
  let api: ApiProcess;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
  });
  afterAll(() => installation.stop());

  const post = (path: string, email: string, password: string, cookie = '', process = api) =>
    process.client().request('POST', `/api/v1/auth/${path}`, {
      body: { email, password },
      headers: { cookie },
    });
  const guess = async (email: string, times: number, cookie = '') => {
    const statuses = [];
    for (let n = 0; n < times; n++) {
      const { status } = await post('login', email, `wrong ${n}`, cookie);
      statuses.push(status);
    }
    return statuses;
  };
  const deviceOf = ({ headers }: { headers: Headers }) =>
    headers.getSetCookie().find((each) => /modex_device=/.test(each))!;
  const valueOf = (cookie: string) => cookie.split(';')[0]!;
  const tenFailures = Array<number>(10).fill(401);

  it('is answered 429 after the tenth failure, and so is the right password from elsewhere', async () => {
    const email = 'ada@example.test';
    await post('register', email, PASSWORD);
    expect(await guess(email, 10)).toEqual(tenFailures);
    for (const [spelling, password] of [
      [email, 'wrong'],
      ['ADA@example.test', PASSWORD],
    ] as const) {
      const stopped = await post('login', spelling, password);
      expect(stopped).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
      const wait = Number(stopped.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(15);
      expect(stopped.body.retryAfter).toBe(wait);
    }
    expect((await post('login', 'other@example.test', 'wrong')).status).toBe(401);
  });

  it('reads the same where there is no such account', async () => {
    expect(await guess('nobody@example.test', 11)).toEqual([...tenFailures, 429]);
    expect(await guess('not an address', 11)).toEqual([...tenFailures, 429]);
  });

  it('does not lock out a client that has signed in before', async () => {
    const email = 'owner@example.test';
    const device = deviceOf(await post('register', email, PASSWORD));
    expect(device).toMatch(/^modex_device=.*HttpOnly.*SameSite=Strict/);
    await guess(email, 10);
    expect((await post('login', email, PASSWORD)).status).toBe(429);
    const signedIn = await post('login', email, PASSWORD, valueOf(device));
    expect(signedIn.status).toBe(200);
    expect(valueOf(deviceOf(signedIn))).not.toBe(valueOf(device));
    expect((await post('login', email, 'wrong')).status).toBe(429);
  });

  it('is limited for such a client too, by a count of its own', async () => {
    const email = 'thief@example.test';
    const stolen = valueOf(deviceOf(await post('register', email, PASSWORD)));
    expect(await guess(email, 11, stolen)).toEqual([...tenFailures, 429]);
    expect((await post('login', email, PASSWORD)).status).toBe(200);
  });

  it('is not eased by a cookie of another account, by one made up, or by one of another secret', async () => {
    const email = 'victim@example.test';
    const own = valueOf(deviceOf(await post('register', email, PASSWORD)));
    const mallorys = valueOf(deviceOf(await post('register', 'mallory@example.test', PASSWORD)));
    const elsewhere = await installation.startApi({ JWT_SECRET: `${TEST_SECRET} and another` });
    const foreign = valueOf(deviceOf(await post('login', email, PASSWORD, '', elsewhere)));
    await guess(email, 10);
    const [, ...rest] = mallorys.split('.');
    const madeUp = [own.split('.')[0], ...rest].join('.');
    for (const cookie of [
      mallorys,
      madeUp,
      foreign,
      `${own}x`,
      'modex_device=',
      'modex_device=...',
    ]) {
      expect((await post('login', email, PASSWORD, cookie)).status).toBe(429);
    }
    expect((await post('login', email, PASSWORD, own)).status).toBe(200);
  });

  it('is forgiven by the right password before the tenth failure', async () => {
    const email = 'clumsy@example.test';
    await post('register', email, PASSWORD);
    await guess(email, 9);
    expect((await post('login', email, PASSWORD)).status).toBe(200);
    expect(await guess(email, 9)).toEqual(tenFailures.slice(1));
  });

  it('gains nothing by guessing many at once', async () => {
    const email = 'parallel@example.test';
    await post('register', email, PASSWORD);
    await guess(email, 9);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => post('login', email, `${n}`)),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(1);
  });
});
