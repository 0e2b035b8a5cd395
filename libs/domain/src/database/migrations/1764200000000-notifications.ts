import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How people want to be told, and what they were told. A release that knows nothing of it runs on
 * beside it: the new columns have defaults.
 */
export class Notifications1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);

    await runner.query(`CREATE TYPE user_locale AS ENUM ('en', 'hi')`);
    await runner.query(`CREATE TYPE notification_channel AS ENUM ('EMAIL', 'SMS')`);
    await runner.query(`CREATE TYPE notification_status AS ENUM ('PENDING', 'SENT', 'FAILED')`);

    for (const column of [
      `locale user_locale NOT NULL DEFAULT 'en'`,
      `phone text`,
      `email_notifications boolean NOT NULL DEFAULT true`,
      `sms_notifications boolean NOT NULL DEFAULT false`,
    ]) {
      await runner.query(`ALTER TABLE users ADD COLUMN ${column}`);
    }
    await runner.query(`
      ALTER TABLE users ADD CONSTRAINT users_sms_needs_phone_check
      CHECK (phone IS NOT NULL OR NOT sms_notifications)`);

    await runner.query(`
      CREATE TABLE notifications (
        id            uuid NOT NULL,
        user_id       uuid NOT NULL,
        event_id      uuid NOT NULL,
        channel       notification_channel NOT NULL,
        kind          text NOT NULL,
        recipient     text NOT NULL,
        show_id       uuid NOT NULL,
        booking_id    uuid,
        status        notification_status NOT NULL DEFAULT 'PENDING',
        attempts      integer NOT NULL DEFAULT 1,
        claimed_until timestamptz,
        sent_at       timestamptz,
        message_id    text,
        error         text,
        created_at    timestamptz NOT NULL,
        CONSTRAINT notifications_pkey PRIMARY KEY (id)
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX notifications_event_id_channel_recipient_key
      ON notifications (event_id, channel, recipient)`);
    await runner.query(`CREATE INDEX notifications_user_id_idx ON notifications (user_id, id)`);
    await runner.query(`CREATE INDEX notifications_show_id_idx ON notifications (show_id, id)`);
    await runner.query(`
      CREATE INDEX notifications_unsent_idx ON notifications (status, id)
      WHERE status <> 'SENT'`);

    await runner.query(`
      ALTER TABLE notifications ADD CONSTRAINT notifications_user_id_fkey
      FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);
    await runner.query(`DROP TABLE notifications`);
    await runner.query(`ALTER TABLE users DROP CONSTRAINT users_sms_needs_phone_check`);
    for (const column of ['locale', 'phone', 'email_notifications', 'sms_notifications']) {
      await runner.query(`ALTER TABLE users DROP COLUMN ${column}`);
    }
    for (const type of ['notification_status', 'notification_channel', 'user_locale']) {
      await runner.query(`DROP TYPE ${type}`);
    }
  }
}
