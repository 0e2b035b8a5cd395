import { expect } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../eventually.js';
import type { Customers } from './customers.js';
import type { Counters, Page } from './page.js';
import type { RunningCluster } from './running-cluster.js';

const SHOWS = `
  SELECT id, available_slots AS "availableSlots", held_slots AS "heldSlots", version
  FROM shows ORDER BY id`;

/**
 * Resolves when everybody says the same of every show: the primary, the replica, each API instance
 * and the pages that people look at; and when every event has left the outbox and every confirmation was told.
 */
export async function everythingAgrees(
  cluster: RunningCluster,
  pages: readonly Page[],
  withinMs: number,
): Promise<void> {
  await eventually(async () => {
    const rows = await cluster.database.query<Counters>(SHOWS);
    expect(await onReplica(cluster)).toEqual(rows);
    for (const { url } of cluster.parts.apis) {
      for (const row of rows)
        expect(await cluster.client(null, url).show(row.id)).toMatchObject(row);
    }
    for (const { shows } of pages) {
      expect(rows.map(({ id }) => shows.get(id))).toEqual(rows);
    }
    expect(await untold(cluster)).toEqual({ unpublished: 0, unsent: 0 });
  }, withinMs);
}

async function onReplica({ parts }: RunningCluster): Promise<Counters[]> {
  const client = new pg.Client({ connectionString: parts.replica.url });
  await client.connect();
  try {
    return (await client.query<Counters>(SHOWS)).rows;
  } finally {
    await client.end();
  }
}

async function untold({ database }: RunningCluster): Promise<unknown> {
  const [row] = await database.query(
    `SELECT (SELECT count(*)::int FROM outbox WHERE published_at IS NULL) AS unpublished,
            (SELECT count(*)::int FROM bookings
             WHERE status = 'CONFIRMED' AND NOT EXISTS (
               SELECT 1 FROM notifications
               WHERE notifications.booking_id = bookings.id AND notifications.status = 'SENT')
            ) AS unsent`,
  );
  return row;
}

/**
 * Every booking is there as it was acknowledged last, but for holds that have run out since. And
 * each key made one booking.
 */
export async function expectNothingLost(
  cluster: RunningCluster,
  customers: Customers,
): Promise<void> {
  for (const [id, told] of customers.told) {
    const { status, body } = await cluster
      .client(told.token)
      .request('GET', `/api/v1/bookings/${id}`);
    expect({ id, status, quantity: body.quantity }).toEqual({
      id,
      status: 200,
      quantity: told.quantity,
    });
    const allowed = told.status === 'PENDING' ? ['PENDING', 'CANCELLED'] : [told.status];
    expect(allowed).toContain(body.status);
  }
  const [keys] = await cluster.database.query(
    `SELECT count(*)::int AS bookings,
            count(DISTINCT (user_id, idempotency_key))::int AS keys FROM bookings`,
  );
  expect(keys).toMatchObject({ bookings: (keys as { keys: number }).keys });
  expect(await cluster.audit()).toMatch(/drift in 0/);
}
