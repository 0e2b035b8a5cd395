import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { describeWith } from '../../../test/optional.js';
import { findRedisServer, REDIS_MISSING, RedisServer } from '../../../test/redis-server.js';

const PER_MINUTE = 5;
const PASSWORD = 'correct horse battery';
/** Each attempt costs a password hash, at low priority. Milliseconds. */
const MANY_HASHES_MS = 120_000;

describeWith('limits of sign-ins over Redis', findRedisServer(), REDIS_MISSING, (program) => {
  let redis: RedisServer;
  let installation: Installation;
  let here: ApiProcess;
  let there: ApiProcess;
  beforeAll(async () => {
    redis = await RedisServer.start(program);
    installation = await Installation.create({
      RATE_LIMIT: 'on',
      RATE_LIMIT_SIGN_INS: String(PER_MINUTE),
      TRUST_PROXY_HOPS: '1',
      REDIS_URL: redis.url,
      REDIS_PREFIX: 'limits',
    });
    [here, there] = await Promise.all([installation.startApi(), installation.startApi()]);
  });
  afterAll(async () => {
    await installation.stop();
    await redis.destroy();
  });

  let callers = 0;
  const newAddress = () => `192.0.2.${++callers}`;
  const login = (at: ApiProcess, address: string, email: string, password = 'wrong') =>
    at.client().request('POST', '/api/v1/auth/login', {
      body: { email, password },
      headers: { 'x-forwarded-for': address },
    });
  const left = ({ headers }: { headers: Headers }) =>
    Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
  const timesAt = async (apis: ApiProcess[], address: string) => {
    const answers = [];
    for (const [i, at] of apis.entries()) {
      answers.push(await login(at, address, `${address}-${i}@example.test`));
    }
    return answers;
  };

  it('are shared by address', async () => {
    const address = newAddress();
    const answers = await timesAt([here, there, here, there, there], address);
    expect(answers.map(({ status }) => status)).toEqual(Array(PER_MINUTE).fill(401));
    expect(answers.map(left)).toEqual([4, 3, 2, 1, 0]);
    for (const at of [here, there, here]) {
      const refused = await login(at, address, 'somebody@example.test');
      expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
      const wait = Number(refused.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(60);
    }
    expect((await login(here, newAddress(), 'somebody@example.test')).status).toBe(401);
  });

  it(
    'are shared by account, and reset everywhere by the right password',
    async () => {
      const email = 'ada@example.test';
      const register = { body: { email, password: PASSWORD } };
      await here.client().request('POST', '/api/v1/auth/register', register);
      const guess = async (times: number) => {
        for (let i = 0; i < times; i++) {
          const at = i % 2 ? here : there;
          expect((await login(at, newAddress(), email)).status).toBe(401);
        }
      };
      await guess(9);
      expect((await login(there, newAddress(), email, PASSWORD)).status).toBe(200);
      await guess(10);
      for (const at of [here, there]) {
        const refused = await login(at, newAddress(), email, PASSWORD);
        expect(refused.status).toBe(429);
        expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(15);
      }
    },
    MANY_HASHES_MS,
  );

  it(
    'hold for each process while Redis is away, and are shared again when it is back',
    async () => {
      await redis.kill();
      const address = newAddress();
      const answers = await timesAt(Array<ApiProcess>(PER_MINUTE).fill(here), address);
      expect(answers.map(({ status }) => status)).toEqual(Array(PER_MINUTE).fill(401));
      expect((await login(here, address, 'somebody@example.test')).status).toBe(429);
      expect(left(await login(there, address, 'somebody@example.test'))).toBe(PER_MINUTE - 1);
      const email = 'bob@example.test';
      for (let i = 0; i < 10; i++) await login(here, newAddress(), email);
      expect((await login(here, newAddress(), email)).status).toBe(429);
      expect((await login(there, newAddress(), email)).status).toBe(401);
      await redis.start();
      await eventually(async () => {
        const shared = newAddress();
        await login(here, shared, 'somebody@example.test');
        expect(left(await login(there, shared, `${shared}@example.test`))).toBe(PER_MINUTE - 2);
      }, 10_000);
    },
    MANY_HASHES_MS,
  );
});
