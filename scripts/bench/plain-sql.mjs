// The original design without HTTP: a closed loop over connections to PostgreSQL.
import pg from 'pg';
import { answerRequests } from './helper-process.mjs';
import { bookOriginally } from './original-booking.mjs';
import { Latencies } from './percentiles.mjs';

/**
 * @typedef {object} Plan
 * @property {string} databaseUrl
 * @property {string[]} shows
 * @property {string[]} users
 * @property {number} connections
 * @property {number} [seconds] how long; or
 * @property {number} [bookings] how many
 */

answerRequests(async (/** @type {Plan} */ plan) => {
  const { seconds = Infinity, bookings = Infinity, shows, users } = plan;
  const pool = new pg.Pool({ connectionString: plan.databaseUrl, max: plan.connections });
  const clients = await Promise.all(Array.from({ length: plan.connections }, () => pool.connect()));
  const latencies = new Latencies();
  let next = 0;
  const begin = performance.now();
  const book = async (/** @type {pg.PoolClient} */ client) => {
    while (next < bookings && performance.now() - begin < seconds * 1_000) {
      const i = next++;
      const started = performance.now();
      await bookOriginally(
        client,
        String(shows[i % shows.length]),
        String(users[i % users.length]),
      );
      latencies.record(performance.now() - started);
    }
    client.release();
  };
  await Promise.all(clients.map(book));
  const took = (performance.now() - begin) / 1_000;
  await pool.end();
  const { count, p50, p95, p99 } = latencies.percentiles;
  return { requests: count, seconds: took, failed: 0, p50, p95, p99 };
});
