import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isDistributed } from '../../../test/citus-cluster.mjs';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.js';
import { checkDatabase } from '../src/database/check-database.js';

const FITTING = { sharded: true, showsPerBatch: 1, idempotencyAcrossShows: false };

describe('npm run db:distribute', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const distribute = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['apps/api/dist/commands/distribute.js', ...args], {
      env: { ...process.env, DATABASE_URL: database.url },
    }).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        output: error.stdout + error.stderr,
      }),
    );

  it('refuses a number of shards that is none', async () => {
    const { code, output } = await distribute('--shards', 'many');
    expect(code).toBe(1);
    expect(output).toContain('Usage: npm run db:distribute');
  });

  if (isDistributed()) {
    it('has nothing to do a second time', async () => {
      expect(await distribute()).toEqual({
        code: 0,
        output: 'The database is distributed already.\n',
      });
    });

    it('brings a new table to its place, with its rows and its keys', async () => {
      await database.query(
        `INSERT INTO users (id, email, password_hash)
         SELECT gen_random_uuid(), i || '@example.com', 'none' FROM generate_series(1, 300) AS i`,
      );
      await database.query(
        `INSERT INTO refresh_tokens (id, user_id, family_id, token_hash, expires_at)
         SELECT id, id, id, decode(replace(id::text, '-', ''), 'hex'), now() FROM users`,
      );
      // As a migration leaves a new table: on the coordinator alone, with its key.
      const key = 'refresh_tokens_user_id_fkey';
      await database.query(`ALTER TABLE refresh_tokens DROP CONSTRAINT ${key}`);
      await database.query(`SELECT undistribute_table('refresh_tokens')`);
      await database.query(
        `ALTER TABLE refresh_tokens ADD CONSTRAINT ${key}
         FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE`,
      );
      await expect(checkDatabase(database.url, 'test', FITTING)).rejects.toThrow(
        'not its refresh_tokens: run "npm run db:distribute" first',
      );
      expect(await distribute()).toEqual({ code: 0, output: 'Distributed: refresh_tokens\n' });
      await checkDatabase(database.url, 'test', FITTING);
      expect(await database.query('SELECT count(*)::int FROM refresh_tokens')).toEqual([
        { count: 300 },
      ]);
      expect(
        await database.query(
          `SELECT conname FROM pg_constraint
           WHERE contype = 'f' AND conrelid = 'refresh_tokens'::regclass`,
        ),
      ).toEqual([{ conname: key }]);
    });

    it('is needed by settings that fit, and a process says so', async () => {
      for (const settings of [
        { ...FITTING, sharded: false },
        { ...FITTING, showsPerBatch: 2 },
        { ...FITTING, idempotencyAcrossShows: true },
      ]) {
        await expect(checkDatabase(database.url, 'test', settings)).rejects.toThrow(
          'DATABASE_SHARDED must be on, LEDGER_SHOWS_PER_BATCH must be 1',
        );
      }
    });
  } else {
    it('says that the extension is not there, and changes nothing', async () => {
      const { code, output } = await distribute();
      expect(code).toBe(1);
      expect(output).toContain('The server has no Citus');
      const settings = { sharded: false, showsPerBatch: 100, idempotencyAcrossShows: true };
      await checkDatabase(database.url, 'test', settings);
    });
  }
});
