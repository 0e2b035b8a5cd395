import type { MigrationInterface, QueryRunner } from 'typeorm';
import { assertNoSharedEmails, fillCanonicalEmails } from '../../users/fill-canonical-emails.js';

/**
 * Accounts are found and told apart by the canonical form of their address. Looks first whether two
 * have the same, and changes nothing then. The column stays empty where the release before opens an
 * account while this one is rolled out; the worker fills it.
 */
export class CanonicalEmails1764810000000 implements MigrationInterface {
  /** Built beside people who sign in, which cannot be done in a transaction. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await assertNoSharedEmails(runner.manager);
    await runner.query(`ALTER TABLE users ADD COLUMN IF NOT EXISTS email_canonical text`);
    // What an attempt that was cut short has left would never be used.
    await runner.query(`DROP INDEX IF EXISTS users_email_canonical_key`);
    await runner.query(
      `CREATE UNIQUE INDEX CONCURRENTLY users_email_canonical_key ON users (email_canonical)`,
    );
    await fillCanonicalEmails(runner.manager);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX users_email_canonical_key`);
    await runner.query(`ALTER TABLE users DROP COLUMN email_canonical`);
  }
}
