/**
 * A part of the composition that is started when COMPOSE_PROFILES names it, and used when these
 * variables are set.
 *
 * @typedef {object} Profile
 * @property {string} adds
 * @property {Record<string, string>} variables as they stand in .env, where compose fills in the rest
 */

const PRIMARY = 'postgres://modex:${POSTGRES_PASSWORD}@';

/** @type {Record<string, Profile>} */
export const PROFILES = {
  scale: {
    adds: 'a streaming replica for lists and shows, PgBouncer before the primary, Redis',
    variables: {
      DATABASE_URL: `${PRIMARY}pgbouncer:6432/modex`,
      DATABASE_DIRECT_URL: `${PRIMARY}postgres:5432/modex`,
      DATABASE_REPLICA_URLS: `${PRIMARY}postgres-replica:5432/modex`,
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
      DATABASE_URL: `${PRIMARY}citus-coordinator:5432/modex`,
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
  'REDIS_PASSWORD',
  'RABBITMQ_PASSWORD',
  'GRAFANA_PASSWORD',
];
