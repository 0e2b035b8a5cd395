import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.js';
import { dataSourceOptions } from '../src/database/data-source.js';
import { CanonicalEmails1764810000000 } from '../src/database/migrations/1764810000000-canonical-emails.js';
import { fillCanonicalEmails } from '../src/users/fill-canonical-emails.js';
import { UsersService } from '../src/users/users.service.js';

describe('accounts from before addresses had a canonical form', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource(
      dataSourceOptions({ url: database.url, applicationName: 'test', poolSize: 2 }),
    ).initialize();
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const migration = new CanonicalEmails1764810000000();
  const insert = async (email: string) => {
    const [row] = await database.query<{ id: string }>(
      `INSERT INTO users (id, email, password_hash) VALUES (gen_random_uuid(), $1, 'none')
       RETURNING id`,
      [email],
    );
    return row!.id;
  };
  const migrate = async (direction: 'up' | 'down') => {
    const runner = dataSource.createQueryRunner();
    try {
      await migration[direction](runner);
    } finally {
      await runner.release();
    }
  };

  it('are listed by the migration where two have one address, and nothing is changed', async () => {
    await migrate('down');
    const ids = [
      await insert('kim@müller.example'),
      await insert('kim@mu\u0308ller.example'),
      await insert('kim@xn--mller-kva.example'),
    ];
    await insert('other@example.test');
    const message = await migrate('up').then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).toMatch(/^Nothing was changed: 1 e-mail address/);
    for (const id of ids) expect(message).toContain(id);
    expect(message).toContain('kim@mu\\u{308}ller.example');
    expect(message).not.toContain('other@example.test');
    const columns = await database.query(
      `SELECT column_name FROM information_schema.columns
       WHERE table_name = 'users' AND column_name = 'email_canonical'`,
    );
    expect(columns).toEqual([]);
    await database.query('DELETE FROM users WHERE id = ANY($1)', [ids.slice(1)]);
    await migrate('up');
    const found = await new UsersService(dataSource).findByEmail('KIM@xn--mller-kva.example');
    expect(found?.id).toBe(ids[0]);
  });

  it('are found by any spelling after the migration, and by their own where they have none', async () => {
    await migrate('down');
    const many = Array.from({ length: 1_005 }, (_, i) => `Person${i}@Example.test`);
    await database.query(
      `INSERT INTO users (id, email, password_hash)
       SELECT gen_random_uuid(), email, 'none' FROM unnest($1::text[]) AS email`,
      [many],
    );
    const hidden = await insert('Ki\u200bm@example.test');
    await migrate('up');
    const users = new UsersService(dataSource);
    for (const email of many.slice(-6)) {
      expect((await users.findByEmail(email.toUpperCase()))?.email).toBe(email);
    }
    expect((await users.findByEmail('ki\u200bm@example.test'))?.id).toBe(hidden);
    expect(await users.findByEmail('kim@example.test')).toBeNull();
    const empty = 'SELECT id FROM users WHERE email_canonical IS NULL';
    expect(await database.query(empty)).toEqual([{ id: hidden }]);
  });

  it('go on where the release before still opens accounts, and are filled later', async () => {
    const users = new UsersService(dataSource);
    const older = await insert('Older@Example.test');
    expect((await users.findByEmail('older@example.test'))?.id).toBe(older);
    const account = {
      email: 'OLDER@example.test',
      passwordHash: 'none',
      role: 'CUSTOMER',
    } as const;
    await expect(users.create(account)).rejects.toMatchObject({ code: 'EMAIL_TAKEN' });
    const { id } = await users.create({ ...account, email: 'kim@müller.example' });
    const twin = await insert('kim@xn--mller-kva.example');
    expect(await fillCanonicalEmails(dataSource.manager)).toBe(1);
    expect((await users.findByEmail('kim@MÜLLER.example'))?.id).toBe(id);
    const empty = 'SELECT id FROM users WHERE email_canonical IS NULL';
    expect(await database.query(empty)).toEqual([{ id: twin }]);
  });
});
