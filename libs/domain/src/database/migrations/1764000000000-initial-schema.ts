import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The rules behind this schema (keys that begin with the show, foreign keys last and one a
 * statement, no triggers) let the same tables be distributed by show on Citus.
 */
export class InitialSchema1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);

    await runner.query(`CREATE TYPE user_role AS ENUM ('CUSTOMER', 'ADMIN')`);
    await runner.query(`CREATE TYPE show_kind AS ENUM ('EVENT', 'BUS', 'DOCTOR')`);
    await runner.query(`CREATE TYPE show_status AS ENUM ('SCHEDULED', 'CANCELLED')`);
    await runner.query(`CREATE TYPE booking_status AS ENUM ('PENDING', 'CONFIRMED', 'CANCELLED')`);
    await runner.query(
      `CREATE TYPE booking_cancel_reason AS ENUM ('USER', 'EXPIRED', 'SHOW_CANCELLED')`,
    );

    await runner.query(`
      CREATE TABLE users (
        id            uuid NOT NULL,
        email         text NOT NULL,
        password_hash text NOT NULL,
        name          text,
        role          user_role NOT NULL DEFAULT 'CUSTOMER',
        created_at    timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT users_pkey PRIMARY KEY (id)
      )`);
    await runner.query(`CREATE UNIQUE INDEX users_email_key ON users (lower(email))`);

    await runner.query(`
      CREATE TABLE refresh_tokens (
        id         uuid NOT NULL,
        user_id    uuid NOT NULL,
        family_id  uuid NOT NULL,
        token_hash bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        rotated_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT refresh_tokens_pkey PRIMARY KEY (id)
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX refresh_tokens_token_hash_key ON refresh_tokens (token_hash)`,
    );
    await runner.query(`CREATE INDEX refresh_tokens_family_id_idx ON refresh_tokens (family_id)`);
    await runner.query(`CREATE INDEX refresh_tokens_user_id_idx ON refresh_tokens (user_id)`);

    // The free half of each page lets the counters of a hot show be rewritten in place.
    await runner.query(`
      CREATE TABLE shows (
        id                 uuid NOT NULL,
        title              text NOT NULL,
        description        text NOT NULL DEFAULT '',
        kind               show_kind NOT NULL,
        venue              text,
        origin             text,
        destination        text,
        practitioner       text,
        region             text,
        starts_at          timestamptz NOT NULL,
        ends_at            timestamptz,
        booking_opens_at   timestamptz,
        booking_closes_at  timestamptz,
        cancel_until       timestamptz,
        time_zone          text NOT NULL,
        total_slots        integer NOT NULL,
        available_slots    integer NOT NULL,
        held_slots         integer NOT NULL DEFAULT 0,
        max_slots_per_user integer,
        hold_seconds       integer,
        status             show_status NOT NULL DEFAULT 'SCHEDULED',
        cancelled_at       timestamptz,
        version            integer NOT NULL DEFAULT 1,
        revision           integer NOT NULL DEFAULT 1,
        created_at         timestamptz NOT NULL DEFAULT now(),
        updated_at         timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT shows_pkey PRIMARY KEY (id),
        CONSTRAINT shows_available_slots_check CHECK (available_slots >= 0),
        CONSTRAINT shows_held_slots_check CHECK (held_slots >= 0),
        CONSTRAINT shows_slots_check CHECK (available_slots + held_slots <= total_slots)
      ) WITH (fillfactor = 50)`);
    await runner.query(`CREATE INDEX shows_starts_at_id_idx ON shows (starts_at, id)`);

    await runner.query(`
      CREATE TABLE bookings (
        show_id         uuid NOT NULL,
        id              uuid NOT NULL,
        reference       text NOT NULL,
        user_id         uuid NOT NULL,
        customer_name   text,
        customer_email  text,
        customer_phone  text,
        quantity        integer NOT NULL,
        status          booking_status NOT NULL,
        cancel_reason   booking_cancel_reason,
        expires_at      timestamptz NOT NULL,
        confirmed_at    timestamptz,
        cancelled_at    timestamptz,
        checked_in_at   timestamptz,
        version         integer NOT NULL,
        idempotency_key text,
        request_hash    text,
        created_at      timestamptz NOT NULL,
        CONSTRAINT bookings_pkey PRIMARY KEY (show_id, id),
        CONSTRAINT bookings_quantity_check CHECK (quantity > 0)
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX bookings_show_id_reference_key ON bookings (show_id, reference)`,
    );
    await runner.query(`
      CREATE UNIQUE INDEX bookings_idempotency_key ON bookings (user_id, idempotency_key, show_id)
      WHERE idempotency_key IS NOT NULL`);
    await runner.query(`
      CREATE INDEX bookings_pending_idx ON bookings (show_id, expires_at)
      WHERE status = 'PENDING'`);
    await runner.query(`
      CREATE INDEX bookings_active_idx ON bookings (show_id, user_id)
      WHERE status <> 'CANCELLED'`);
    await runner.query(`CREATE INDEX bookings_user_id_idx ON bookings (user_id, id)`);

    await runner.query(`
      CREATE TABLE outbox (
        aggregate_id  uuid NOT NULL,
        id            uuid NOT NULL,
        version       integer NOT NULL,
        type          text NOT NULL,
        payload       jsonb NOT NULL,
        claimed_until timestamptz,
        attempts      integer NOT NULL DEFAULT 0,
        published_at  timestamptz,
        created_at    timestamptz NOT NULL,
        CONSTRAINT outbox_pkey PRIMARY KEY (aggregate_id, id)
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX outbox_aggregate_id_version_key ON outbox (aggregate_id, version)`,
    );

    // Socket.IO's PostgreSQL adapter keeps packets of more than 8,000 bytes here.
    await runner.query(`
      CREATE TABLE socket_io_attachments (
        id         bigserial,
        created_at timestamptz DEFAULT now(),
        payload    bytea,
        CONSTRAINT socket_io_attachments_pkey PRIMARY KEY (id)
      )`);

    await runner.query(`
      ALTER TABLE refresh_tokens ADD CONSTRAINT refresh_tokens_user_id_fkey
      FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE`);
    await runner.query(`
      ALTER TABLE bookings ADD CONSTRAINT bookings_show_id_fkey
      FOREIGN KEY (show_id) REFERENCES shows (id)`);
    await runner.query(`
      ALTER TABLE bookings ADD CONSTRAINT bookings_user_id_fkey
      FOREIGN KEY (user_id) REFERENCES users (id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`);
    for (const table of [
      'socket_io_attachments',
      'outbox',
      'bookings',
      'shows',
      'refresh_tokens',
      'users',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
    for (const type of [
      'booking_cancel_reason',
      'booking_status',
      'show_status',
      'show_kind',
      'user_role',
    ]) {
      await runner.query(`DROP TYPE ${type}`);
    }
  }
}
