import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A rotated refresh token leads to one successor, which is derived from it and from a salt in its
 * row. Every token also carries the time of its family's first, since a family ends after 90 days.
 * Tokens of the release before have neither; the code makes up for both.
 */
export class RefreshSuccessors1764800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);
    await runner.query(`ALTER TABLE refresh_tokens ADD COLUMN successor_salt bytea`);
    await runner.query(`ALTER TABLE refresh_tokens ADD COLUMN family_started_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);
    await runner.query(`ALTER TABLE refresh_tokens DROP COLUMN family_started_at`);
    await runner.query(`ALTER TABLE refresh_tokens DROP COLUMN successor_salt`);
  }
}
