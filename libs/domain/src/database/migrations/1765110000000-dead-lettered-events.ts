import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `dead_lettered_at` replaces `set_aside_at`. Both are written until the release after the next one
 * drops the old column, so that relays of the release before keep working.
 */
export class DeadLetteredEvents1765110000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);
    await runner.query(`ALTER TABLE outbox ADD COLUMN dead_lettered_at timestamptz`);
    await runner.query(
      `UPDATE outbox SET dead_lettered_at = set_aside_at
       WHERE published_at IS NULL AND set_aside_at IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);
    await runner.query(`ALTER TABLE outbox DROP COLUMN dead_lettered_at`);
  }
}
