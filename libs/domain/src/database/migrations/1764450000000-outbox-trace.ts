import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trace of the request that caused an event. Expand only, so older processes keep working. */
export class OutboxTrace1764450000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE outbox ADD COLUMN trace_parent text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE outbox DROP COLUMN trace_parent`);
  }
}
