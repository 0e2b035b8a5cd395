import { hash } from '@node-rs/argon2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../../test/api-client.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';

const PASSWORD = 'correct horse battery';

describe('who somebody is', () => {
  let installation: Installation;
  let api: ApiProcess;
  let anyone: ApiClient;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    anyone = api.client();
  });
  afterAll(() => installation.stop());

  const post = (path: string, email: string, password = PASSWORD) =>
    anyone.request('POST', `/api/v1/auth/${path}`, { body: { email, password } });

  it.each([
    [['Lee@Example.test', 'lee@example.TEST']],
    [
      [
        'kim@müller.example',
        'kim@mu\u0308ller.example',
        'kim@xn--mller-kva.example',
        'KIM@MÜLLER.example',
      ],
    ],
    [['josé@example.test', 'JOSE\u0301@example.test']],
  ])('is one account in every spelling of its address: %j', async (spellings) => {
    const [written = '', ...others] = spellings;
    expect(await post('register', written)).toMatchObject({
      status: 201,
      body: { user: { email: written } },
    });
    for (const email of others) {
      const taken = await post('register', email);
      expect(taken).toMatchObject({ status: 409, body: { code: 'EMAIL_TAKEN' } });
    }
    for (const email of spellings) {
      expect(await post('login', email)).toMatchObject({
        status: 200,
        body: { user: { email: written } },
      });
    }
  });

  it('is decided once when all spellings are registered at the same moment', async () => {
    const spellings = ['ö', 'Ö', 'o\u0308', 'O\u0308'].map((o) => `r${o}@r${o}.example`);
    const answers = await Promise.all(spellings.map((email) => post('register', email)));
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([count(201), count(409)]).toEqual([1, 3]);
  });

  it.each(['kim\u200b@example.test', 'kim@exa\u00admple.test', '\u202akim@example.test'])(
    'is never an address with something invisible: %j',
    async (email) => {
      expect(await post('register', email)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', errors: [{ path: 'email' }] },
      });
      expect((await post('login', email)).status).toBe(401);
      const show = await (await api.client().registerAdmin()).createShow();
      const buyer = await api.client().register();
      const held = await buyer.request('POST', '/api/v1/bookings', {
        body: { showId: show.id, customer: { email } },
      });
      expect(held).toMatchObject({ status: 400, body: { errors: [{ path: 'customer.email' }] } });
    },
  );

  it('is not proved by a password that others guess first', async () => {
    const refused = await post('register', 'easy@example.test', 'Password1234');
    expect(refused).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [{ path: 'password', message: expect.stringMatching(/most common/) }],
      },
    });
    const own = await post('register', 'somebody@example.test', 'Somebody@example.test');
    expect(own).toMatchObject({ status: 400, body: { errors: [{ path: 'password' }] } });
  });

  it('is proved by a password however its letters are composed', async () => {
    const email = 'cafe@example.test';
    expect((await post('register', email, 'café au lait 12')).status).toBe(201);
    expect((await post('login', email, 'cafe\u0301 au lait 12')).status).toBe(200);
    expect((await post('login', email, 'cafe au lait 12')).status).toBe(401);
  });

  it('is proved by a hash from before passwords were composed, which is made anew', async () => {
    const email = 'old@example.test';
    const typed = 'cafe\u0301 au lait 34';
    await post('register', email);
    const old = await hash(typed, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    const ofOld = `WHERE email = '${email}'`;
    await installation.database.query(`UPDATE users SET password_hash = $1 ${ofOld}`, [old]);
    expect((await post('login', email, 'café au lait 34')).status).toBe(401);
    expect((await post('login', email, typed)).status).toBe(200);
    expect((await post('login', email, 'café au lait 34')).status).toBe(200);
  });

  it('is nobody where the stored hash is none', async () => {
    await post('register', 'locked@example.test');
    await installation.database.query(
      `UPDATE users SET password_hash = '!' WHERE email = 'locked@example.test'`,
    );
    expect((await post('login', 'locked@example.test')).status).toBe(401);
  });

  it('is told alike from a bad address and from text that cannot be stored', async () => {
    expect((await post('login', 'no address')).status).toBe(401);
    expect((await post('login', 'nul\0@example.test')).status).toBe(400);
    expect((await post('login', 'half\ud800@example.test')).status).toBe(401);
  });
});
