import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.js';

const EMAIL = 'organiser@example.com';

describe('the command that makes an organiser', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'modex-admin-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  const run = (environment: NodeJS.ProcessEnv) => {
    const args = ['apps/api/dist/commands/create-admin.js', '--email', EMAIL];
    return promisify(execFile)(process.execPath, args, {
      env: { PATH: process.env['PATH'], DATABASE_URL: database.url, ...environment },
    });
  };

  it('refuses a password that is too short', async () => {
    await expect(run({ MODEX_ADMIN_PASSWORD: 'opensesam' })).rejects.toMatchObject({
      code: 1,
      stderr: 'The password needs at least 10 characters.\n',
    });
  });

  it('takes the password from a file too, and asks nobody', async () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'opensesame\n');
    const { stdout, stderr } = await run({ MODEX_ADMIN_PASSWORD_FILE: file });
    expect({ stdout, stderr }).toEqual({ stdout: `Created the admin ${EMAIL}.\n`, stderr: '' });
    const rows = await database.query('SELECT email, role FROM users');
    expect(rows).toEqual([{ email: EMAIL, role: 'ADMIN' }]);
  });

  it('leaves an account that exists its password', async () => {
    const hash = () => database.query('SELECT password_hash FROM users');
    const before = await hash();
    const { stdout } = await run({ MODEX_ADMIN_PASSWORD: 'another one' });
    expect(await hash()).toEqual(before);
    expect(stdout).toBe(`${EMAIL} is an admin now; the password is unchanged.\n`);
  });
});
