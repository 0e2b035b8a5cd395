import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = {
  outbox_unpublished_idx: '(aggregate_id, version) WHERE published_at IS NULL',
  outbox_taken_idx: `(aggregate_id) WHERE published_at IS NULL
    AND (claimed_until IS NOT NULL OR next_attempt_at IS NOT NULL)`,
  outbox_position_idx: '(position) WHERE position IS NOT NULL',
};

/** What the relay needs to publish events. Expand only, so older processes keep working. */
export class OutboxRelay1764300000000 implements MigrationInterface {
  /** Built beside a sale that goes on, which cannot be done in a transaction. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE outbox
        ADD COLUMN IF NOT EXISTS claimed_by      uuid,
        ADD COLUMN IF NOT EXISTS next_attempt_at timestamptz,
        ADD COLUMN IF NOT EXISTS last_error      text,
        ADD COLUMN IF NOT EXISTS set_aside_at    timestamptz,
        ADD COLUMN IF NOT EXISTS position        bigint`);
    await runner.query(`
      CREATE TABLE IF NOT EXISTS outbox_sequencer (
        id       smallint NOT NULL,
        position bigint NOT NULL,
        CONSTRAINT outbox_sequencer_pkey PRIMARY KEY (id),
        CONSTRAINT outbox_sequencer_id_check CHECK (id = 1)
      )`);
    await runner.query(
      `INSERT INTO outbox_sequencer (id, position) VALUES (1, 0) ON CONFLICT DO NOTHING`,
    );
    // Nobody was told of what happened before there was a relay, and nobody wants to hear it now.
    await runner.query(`UPDATE outbox SET published_at = created_at WHERE published_at IS NULL`);
    for (const [name, definition] of Object.entries(INDEXES)) {
      // What an attempt that was cut short has left would never be used.
      await runner.query(`DROP INDEX IF EXISTS ${name}`);
      await runner.query(`CREATE INDEX CONCURRENTLY ${name} ON outbox ${definition}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES)) await runner.query(`DROP INDEX IF EXISTS ${name}`);
    await runner.query(`DROP TABLE IF EXISTS outbox_sequencer`);
    await runner.query(`
      ALTER TABLE outbox
        DROP COLUMN IF EXISTS claimed_by,
        DROP COLUMN IF EXISTS next_attempt_at,
        DROP COLUMN IF EXISTS last_error,
        DROP COLUMN IF EXISTS set_aside_at,
        DROP COLUMN IF EXISTS position`);
  }
}
