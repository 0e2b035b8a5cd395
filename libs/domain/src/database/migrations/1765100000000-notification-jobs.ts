import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Notifications become jobs: planned as PENDING rows, claimed when they are due.
 *
 * A worker of the release before names the old unique key in its INSERT, which then fails, and its
 * event is retried for twenty minutes: by then a worker of this release has to be there. API
 * processes of the release before only read the table. What an older worker left PENDING is due at
 * once.
 */
export class NotificationJobs1765100000000 implements MigrationInterface {
  /** Indexes are built while others write. Every step may be repeated. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TYPE notification_status ADD VALUE IF NOT EXISTS 'SKIPPED'`);
    for (const column of [
      'next_attempt_at timestamptz NOT NULL DEFAULT now()',
      'details jsonb',
      'told jsonb',
    ]) {
      await runner.query(`ALTER TABLE notifications ADD COLUMN IF NOT EXISTS ${column}`);
    }
    // Only whoever changed their address between two attempts has two rows for one event.
    await runner.query(`
      DELETE FROM notifications WHERE id IN (
        SELECT id FROM (
          SELECT id, row_number() OVER (
            PARTITION BY event_id, channel, user_id ORDER BY (status = 'SENT') DESC, id DESC) AS place
          FROM notifications) AS ranked
        WHERE place > 1)`);
    for (const [name, definition] of INDEXES) {
      // An interrupted build leaves an index that is never used.
      await runner.query(`DROP INDEX IF EXISTS ${name}`);
      await runner.query(definition.replace('INDEX', `INDEX CONCURRENTLY ${name}`));
    }
    await runner.query(`DROP INDEX IF EXISTS notifications_event_id_channel_recipient_key`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNIQUE INDEX IF NOT EXISTS notifications_event_id_channel_recipient_key
      ON notifications (event_id, channel, recipient)`);
    for (const [name] of INDEXES) await runner.query(`DROP INDEX IF EXISTS ${name}`);
    for (const column of ['next_attempt_at', 'details', 'told']) {
      await runner.query(`ALTER TABLE notifications DROP COLUMN IF EXISTS ${column}`);
    }
    // PostgreSQL cannot take a value out of a type: SKIPPED stays.
  }
}

const INDEXES: readonly (readonly [name: string, definition: string])[] = [
  [
    'notifications_event_id_channel_user_id_key',
    'CREATE UNIQUE INDEX ON notifications (event_id, channel, user_id)',
  ],
  [
    'notifications_pending_idx',
    `CREATE INDEX ON notifications (channel, show_id, next_attempt_at, id)
     WHERE status = 'PENDING'`,
  ],
  [
    'notifications_claimed_idx',
    `CREATE INDEX ON notifications (recipient)
     WHERE status = 'PENDING' AND claimed_until IS NOT NULL`,
  ],
  ['notifications_user_id_show_id_idx', 'CREATE INDEX ON notifications (user_id, show_id)'],
  [
    'notifications_recipient_sent_at_idx',
    'CREATE INDEX ON notifications (recipient, sent_at) WHERE sent_at IS NOT NULL',
  ],
  [
    'notifications_user_id_sent_at_idx',
    'CREATE INDEX ON notifications (user_id, sent_at) WHERE sent_at IS NOT NULL',
  ],
];
