/**
 * A part of the composition that is started when COMPOSE_PROFILES names it, and used when these
 * variables are set.
 *
 * @typedef {object} Profile
 * @property {string} adds
 * @property {Record<string, string>} variables as they stand in .env, where compose fills in the rest
 */

const APPLICATION = 'postgres://modex_app:${POSTGRES_APP_PASSWORD}@';
const OWNER = 'postgres://modex:${POSTGRES_PASSWORD}@';

/** @type {Record<string, Profile>} */
export const PROFILES = {
  scale: {
    adds: 'a streaming replica for lists and shows, PgBouncer before the primary, Redis',
    variables: {
      DATABASE_URL: `${APPLICATION}pgbouncer:6432/modex`,
      DATABASE_DIRECT_URL: `${APPLICATION}postgres:5432/modex`,
      DATABASE_MIGRATION_URL: `${OWNER}postgres:5432/modex`,
      DATABASE_REPLICA_URLS: `${APPLICATION}postgres-replica:5432/modex`,
      REDIS_URL: 'redis://:${REDIS_PASSWORD}@redis:6379',
    },
  },
  events: {
    adds: 'RabbitMQ, and a catcher that shows all mail at http://localhost:8025',
    variables: {
      AMQP_URL: 'amqp://modex:${RABBITMQ_PASSWORD}@rabbitmq:5672',
      SMTP_URL: 'smtp://mail:1025',
      MAIL_FROM: '"Modex Booking <bookings@example.com>"',
    },
  },
  monitoring: {
    adds: 'Prometheus, and Grafana at http://localhost:3001 (admin, GRAFANA_PASSWORD)',
    variables: {},
  },
  citus: {
    adds: 'a Citus coordinator and two workers, which take the place of the one PostgreSQL',
    variables: {
      // The nodes ask each other as whoever asks them, with the one password they are given.
      DATABASE_URL: `${OWNER}citus-coordinator:5432/modex`,
      DATABASE_SHARDED: 'on',
      LEDGER_SHOWS_PER_BATCH: '1',
      IDEMPOTENCY_ACROSS_SHOWS: 'off',
    },
  },
};

/** What a container of the composition lets nobody in without. */
export const SECRETS = [
  'JWT_SECRET',
  'POSTGRES_PASSWORD',
  'POSTGRES_APP_PASSWORD',
  'REDIS_PASSWORD',
  'RABBITMQ_PASSWORD',
  'GRAFANA_PASSWORD',
];
