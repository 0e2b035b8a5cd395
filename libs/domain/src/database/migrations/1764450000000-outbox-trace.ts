import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a fact comes from, for operators who follow it. Only adds, so older processes go on beside it. */
export class OutboxTrace1764450000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE outbox ADD COLUMN trace_parent text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE outbox DROP COLUMN trace_parent`);
  }
}
