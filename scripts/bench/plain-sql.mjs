// The original algorithm without anything around it, in a process of its own: one transaction a
// booking, `SELECT … FOR UPDATE`, on the same schema, over `pg` with 20 connections.
import { randomBytes, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { percentiles } from './percentiles.mjs';

/**
 * @typedef {object} Plan
 * @property {string} databaseUrl
 * @property {string[]} shows
 * @property {string[]} users
 * @property {number} connections
 * @property {number} [seconds] how long; or
 * @property {number} [bookings] how many in all
 */

const plan = /** @type {Plan} */ (JSON.parse(await text(process.stdin)));
const pool = new pg.Pool({ connectionString: plan.databaseUrl, max: plan.connections });
/** @type {number[]} */
const latencies = [];
let turn = 0;

/**
 * @param {pg.PoolClient} client
 * @param {string} show
 * @param {string} user
 */
async function book(client, show, user) {
  await client.query('BEGIN');
  const { rows } = await client.query(
    'SELECT available_slots, version FROM shows WHERE id = $1 FOR UPDATE',
    [show],
  );
  if (rows[0].available_slots < 1) {
    await client.query('ROLLBACK');
    return;
  }
  await client.query(
    `INSERT INTO bookings (show_id, id, reference, user_id, quantity, status, expires_at, version, created_at)
     VALUES ($1, $2, $3, $4, 1, 'PENDING', clock_timestamp() + interval '1 hour', $5, clock_timestamp())`,
    [show, randomUUID(), randomBytes(8).toString('hex'), user, rows[0].version + 1],
  );
  await client.query(
    `UPDATE shows SET available_slots = available_slots - 1, held_slots = held_slots + 1,
            version = version + 1
     WHERE id = $1`,
    [show],
  );
  await client.query('COMMIT');
}

const clients = await Promise.all(Array.from({ length: plan.connections }, () => pool.connect()));
const begin = performance.now();
const cpuBefore = process.cpuUsage();
const isOver =
  plan.bookings === undefined
    ? () => performance.now() - begin >= Number(plan.seconds) * 1_000
    : () => turn >= Number(plan.bookings);
await Promise.all(
  clients.map(async (client) => {
    while (!isOver()) {
      const i = turn++;
      const started = performance.now();
      const show = String(plan.shows[i % plan.shows.length]);
      await book(client, show, String(plan.users[i % plan.users.length]));
      latencies.push(performance.now() - started);
    }
  }),
);
const seconds = (performance.now() - begin) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
for (const client of clients) client.release();
await pool.end();
const { count, p50, p95, p99 } = percentiles(latencies);
process.stdout.write(
  JSON.stringify({
    requests: count,
    seconds,
    failed: 0,
    ...{ p50, p95, p99 },
    generatorCpu: (user + system) / 1e6,
  }),
);
