// A worker's consumer, from what was built, whose handler counts in tables of a test: each message,
// and each event once.
import pg from 'pg';
import { createLogger } from '@modex/platform';
import { createRabbitConnection } from '../../dist/outbox/transports/rabbit-connection.js';
import { RabbitConsumer } from '../../dist/outbox/transports/rabbit-consumer.js';

const { DATABASE_URL, AMQP_URL, AMQP_PREFIX } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 8 });
const logger = createLogger('consumer', 'warn');

const handler = {
  name: 'counter',
  async handle(event) {
    await pool.query('INSERT INTO deliveries (event_id) VALUES ($1)', [event.id]);
    await pool.query('INSERT INTO handled (event_id) VALUES ($1) ON CONFLICT DO NOTHING', [
      event.id,
    ]);
  },
};

// It works from here on, until it is killed.
export const consumer = new RabbitConsumer(
  createRabbitConnection(AMQP_URL, logger),
  AMQP_PREFIX,
  handler,
  logger,
);
