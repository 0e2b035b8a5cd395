import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Installation, type ApiProcess } from '../../../test/installation.js';

const EMAIL = 'organiser@example.com';

describe('the command that makes an organiser', () => {
  let installation: Installation;
  let api: ApiProcess;
  let folder: string;
  beforeAll(async () => {
    ({ installation, api } = await Installation.withApi());
    folder = mkdtempSync(join(tmpdir(), 'modex-admin-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await installation.stop();
  });

  const run = (
    environment: NodeJS.ProcessEnv,
    args: string[] = [],
    email = EMAIL,
  ): Promise<{ stdout: string; stderr: string }> => {
    const all = ['apps/api/dist/commands/create-admin.js', '--email', email, ...args];
    return promisify(execFile)(process.execPath, all, {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: installation.database.applicationUrl,
        ...environment,
      },
    });
  };
  const users = () => installation.database.query('SELECT * FROM users ORDER BY id');
  const post = (path: string, body?: object, cookie = '') =>
    api.client().request('POST', `/api/v1/auth/${path}`, { body, headers: { cookie } });

  it.each([
    ['opensesam', 'The password needs at least 10 characters.'],
    ['1234567890', 'This password is one of the most common'],
    [EMAIL, 'The password must not be made of the e-mail address'],
  ])('refuses the password %s, in a sentence', async (password, sentence) => {
    const failure = run({ MODEX_ADMIN_PASSWORD: password });
    await expect(failure).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(new RegExp(`^${sentence}.*\n$`)),
    });
    expect(await users()).toEqual([]);
  });

  it('takes the password from a file too, and asks nobody', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'please open sesame\n');
    const { stdout, stderr } = await run({ MODEX_ADMIN_PASSWORD_FILE: file });
    expect({ stdout, stderr }).toEqual({ stdout: `Created the admin ${EMAIL}.\n`, stderr: '' });
    expect(await users()).toMatchObject([{ email: EMAIL, role: 'ADMIN' }]);
  });

  describe('for an address that somebody registered first', () => {
    const email = 'Squatter@Bücher.example';
    const spelling = 'squatter@xn--bcher-kva.example';
    const theirs = 'their own password';
    let session: { headers: Headers };
    beforeAll(async () => {
      session = await post('register', { email, password: theirs });
    });

    it('refuses, whatever the spelling, and changes nothing', async () => {
      const before = await users();
      await expect(
        run({ MODEX_ADMIN_PASSWORD: 'another one' }, [], spelling),
      ).rejects.toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(
          /There is an account Squatter@Bücher.example already .*--promote/,
        ),
      });
      expect(await users()).toEqual(before);
    });

    it('with --promote sets the given password, says so, and ends the sessions', async () => {
      const [cookie = ''] = session.headers.get('set-cookie')!.split(';');
      const { stdout } = await run(
        { MODEX_ADMIN_PASSWORD: 'another one' },
        ['--promote'],
        spelling,
      );
      expect(stdout).toMatch(/is an admin now: with the given password, and signed out everywhere/);
      expect((await post('refresh', undefined, cookie)).status).toBe(401);
      expect((await post('login', { email, password: theirs })).status).toBe(401);
      const admin = await post('login', { email, password: 'another one' });
      expect(admin).toMatchObject({ status: 200, body: { user: { email, role: 'ADMIN' } } });
    });

    it('with --promote leaves no session to sign-ins with the old password that are under way', async () => {
      const mallory = { email: 'mallory@example.test', password: theirs };
      await post('register', mallory);
      let isDone = false;
      const signIns = async () => {
        const cookies: string[] = [];
        while (!isDone) {
          const { status, headers } = await post('login', mallory);
          if (status === 200) cookies.push(headers.get('set-cookie')!.split(';')[0]!);
        }
        return cookies;
      };
      const attempts = Promise.all([signIns(), signIns(), signIns()]);
      const promotion = { MODEX_ADMIN_PASSWORD: 'another one' };
      await run(promotion, ['--promote'], mallory.email).finally(() => (isDone = true));
      const cookies = (await attempts).flat();
      expect(cookies.length).toBeGreaterThan(0);
      const answers = await Promise.all(cookies.map((each) => post('refresh', undefined, each)));
      expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
    });
  });

  it('takes --promote for an address that nobody has too', async () => {
    const email = 'new@example.com';
    await run({ MODEX_ADMIN_PASSWORD: 'please open sesame' }, ['--promote'], email);
    expect((await post('login', { email, password: 'please open sesame' })).status).toBe(200);
  });
});
