import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { itUndistributed } from '../../../test/optional.js';
import { BookingsService } from '../src/bookings/bookings.service.js';
import { BookingOffice, HOLD_SECONDS } from './support/booking-office.js';
import { RowCounter } from './support/row-counter.js';

/** A concert's; for fewer rows PostgreSQL may well read all of a table, which is as quick. */
const SEATS = 20_000;
const TOGETHER = 30;
/** For each booking that a command is about; the whole show would be `SEATS`. */
const FEW = 10;
const NOT_ON_CITUS = 'there its shards plan';

/**
 * What PostgreSQL's statistics may say while a show is sold: they are of the last ANALYZE, and an
 * average over all shows.
 */
describe('a batch of commands on a large show', () => {
  let office: BookingOffice;
  let bookings: BookingsService;
  let buyers: string[];
  /** Those who have their seats. */
  let crowd: string[];
  beforeAll(async () => {
    office = await BookingOffice.open();
    bookings = new BookingsService(office.engine, HOLD_SECONDS, { maxHeldSlots: 100 });
    buyers = await office.createUsers(TOGETHER);
    crowd = await createCrowd(1_000);
  });
  afterAll(() => office.close());

  async function createCrowd(count: number): Promise<string[]> {
    const users = await office.database.query<{ id: string }>(
      `INSERT INTO users (id, email, password_hash)
       SELECT gen_random_uuid(), n || '@example.com', 'none' FROM generate_series(1, $1::int) AS n
       RETURNING id`,
      [count],
    );
    return users.map(({ id }) => id);
  }

  /** A show of which `SEATS` are confirmed, and a few are left. */
  async function createLargeShow(): Promise<string> {
    const { id } = await office.createShow({ totalSlots: SEATS + 40, maxSlotsPerUser: 20 });
    await book(id, SEATS);
    await office.database.query(
      'UPDATE shows SET available_slots = available_slots - $2 WHERE id = $1',
      [id, SEATS],
    );
    return id;
  }

  function book(showId: string, count: number): Promise<unknown> {
    return office.database.query(
      `INSERT INTO bookings (show_id, id, reference, user_id, quantity, status, expires_at, version,
         created_at)
       SELECT $1, gen_random_uuid(), lpad(n::text, 8, '0'), ($2::uuid[])[1 + n % $3], 1, 'CONFIRMED',
         now(), 1, now()
       FROM generate_series(1, $4::int) AS n`,
      [showId, crowd, crowd.length, count],
    );
  }

  /** Doctors' mornings, booked by their office: by far the most shows have next to no bookings. */
  async function createSmallShows(): Promise<void> {
    await office.database.query(
      `INSERT INTO shows (id, title, kind, starts_at, time_zone, total_slots, available_slots)
       SELECT gen_random_uuid(), 'A morning', 'DOCTOR', now(), 'UTC', 1, 0
       FROM generate_series(1, 20000)`,
    );
    // The connection's plan for the foreign key is of the time when there were next to none.
    await office.database.query('ANALYZE shows');
    await office.database.query(
      `INSERT INTO bookings (show_id, id, reference, user_id, quantity, status, expires_at, version,
         created_at)
       SELECT id, gen_random_uuid(), '00000001', $1, 1, 'CONFIRMED', now(), 1, now()
       FROM shows WHERE title = 'A morning'`,
      [crowd[0]],
    );
  }

  const analyze = () => office.database.query('ANALYZE bookings');

  async function expectLookups(showId: string): Promise<void> {
    const counter = RowCounter.on(office.dataSource, 'bookings');
    const key = (bookingId: string) => ({ showId, bookingId });
    const actor = (userId: string) => ({ userId, isAdmin: false });
    const held = await Promise.all(
      buyers.map((userId) =>
        bookings.hold({ showId, userId, quantity: 1, idempotencyKey: crypto.randomUUID() }),
      ),
    );
    const ids = held.map(({ booking }) => booking.id);
    const some = buyers.slice(0, TOGETHER / 2);
    await Promise.all(some.map((userId, i) => bookings.confirm(key(ids[i]!), actor(userId))));
    await Promise.all(some.map((userId, i) => bookings.cancel(key(ids[i]!), actor(userId))));
    await office.lapseHolds(showId);
    // More than is free: what has lapsed is taken back, and the next release is looked for.
    const party = { showId, userId: buyers[0]!, quantity: 10 };
    const all = [...buyers, crowd[0]!];
    await Promise.allSettled(all.map((userId) => bookings.hold({ ...party, userId })));
    counter.stop();
    expect(counter.statements.size).toBeGreaterThanOrEqual(5);
    for (const { sql, parameters } of counter.statements.values()) {
      const read = await counter.read(sql, parameters);
      if (read > FEW * TOGETHER) throw new Error(`${read} rows are read by ${sql}`);
    }
  }

  itUndistributed('looks them up where nothing is known of it', NOT_ON_CITUS, async () => {
    await expectLookups(await createLargeShow());
  });

  itUndistributed('looks them up where everything is known of it', NOT_ON_CITUS, async () => {
    const id = await createLargeShow();
    await analyze();
    await expectLookups(id);
  });

  itUndistributed('looks them up where only small shows are known', NOT_ON_CITUS, async () => {
    await office.database.query(`TRUNCATE bookings`);
    await createSmallShows();
    await analyze();
    await expectLookups(await createLargeShow());
  });

  itUndistributed('looks them up where it is one beside small ones', NOT_ON_CITUS, async () => {
    const id = await createLargeShow();
    await analyze();
    await expectLookups(id);
  });
});
