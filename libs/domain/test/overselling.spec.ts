import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '../src/errors/domain-error.js';
import { BookingOffice } from './support/booking-office.js';

const code = (result: PromiseSettledResult<unknown>) =>
  result.status === 'fulfilled' ? 'done' : (result.reason as DomainError).code;
const count = (results: PromiseSettledResult<unknown>[], wanted: string) =>
  results.filter((result) => code(result) === wanted).length;

describe('a show that everybody wants', () => {
  let office: BookingOffice;
  beforeAll(async () => {
    office = await BookingOffice.open();
  });
  afterAll(() => office.close());

  it('sells 50 slots to 200 parallel buyers exactly 50 times', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 50 });
    const users = await office.createUsers(200);
    const results = await Promise.allSettled(
      users.map((userId) => office.bookings.hold({ showId, userId, quantity: 1 })),
    );
    expect(count(results, 'done')).toBe(50);
    expect(count(results, 'SOLD_OUT')).toBe(150);
    expect(await office.counters(showId)).toEqual({ available: 0, held: 50, confirmed: 0 });
    expect(await office.drifts()).toBe(0);
  });

  it('never lets parties of different sizes take more than there is', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 37 });
    const users = await office.createUsers(60);
    const results = await Promise.allSettled(
      users.map((userId, i) => office.bookings.hold({ showId, userId, quantity: 1 + (i % 5) })),
    );
    const sold = results.reduce(
      (sum, result) => sum + (result.status === 'fulfilled' ? result.value.booking.quantity : 0),
      0,
    );
    const { available, held } = await office.counters(showId);
    expect(held).toBe(sold);
    expect(available).toBe(37 - sold);
    expect(await office.drifts()).toBe(0);
  });

  it('keeps the limit per person against parallel requests of one person', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 100, maxSlotsPerUser: 4 });
    const userId = await office.createUser();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => office.bookings.hold({ showId, userId, quantity: 1 })),
    );
    expect(count(results, 'done')).toBe(4);
    expect(count(results, 'LIMIT_PER_USER')).toBe(16);
  });

  it('makes one booking of one key sent twenty times at once', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 100 });
    const userId = await office.createUser();
    const request = { showId, userId, quantity: 2, idempotencyKey: 'twenty-times' };
    const results = await Promise.all(
      Array.from({ length: 20 }, () => office.bookings.hold(request)),
    );
    expect(new Set(results.map(({ booking }) => booking.id)).size).toBe(1);
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await office.counters(showId)).toEqual({ available: 98, held: 2, confirmed: 0 });
  });

  it('lets exactly one of confirm and expire win', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 40 });
    const users = await office.createUsers(40);
    const holds = await Promise.all(
      users.map((userId) => office.bookings.hold({ showId, userId, quantity: 1 })),
    );
    // Half of the holds lapse in the very moment of the race, so either side may be first.
    await office.database.query(
      `UPDATE bookings SET expires_at = (now() AT TIME ZONE 'UTC'
         + abs(hashtext(id::text) % 60) * interval '1 ms') AT TIME ZONE 'UTC'
       WHERE show_id = $1`,
      [showId],
    );
    const expiry = office.newExpiry();
    const [confirms] = await Promise.all([
      Promise.allSettled(
        holds.map(({ booking }, i) =>
          office.bookings.confirm(
            { showId, bookingId: booking.id },
            { userId: users[i]!, isAdmin: false },
          ),
        ),
      ),
      (async () => {
        for (let i = 0; i < 10; i++) await expiry.sweep();
      })(),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expiry.sweep();
    const confirmed = count(confirms, 'done');
    expect(confirmed + count(confirms, 'HOLD_EXPIRED')).toBe(40);
    expect(await office.counters(showId)).toEqual({
      available: 40 - confirmed,
      held: 0,
      confirmed,
    });
    expect(await office.drifts()).toBe(0);
  });

  it('returns every slot once when two workers sweep side by side', async () => {
    const shows = await Promise.all(
      Array.from({ length: 5 }, () => office.createShow({ totalSlots: 10 })),
    );
    const userId = await office.createUser();
    for (const { id: showId } of shows) {
      for (let i = 0; i < 5; i++) await office.bookings.hold({ showId, userId, quantity: 2 });
      await office.lapseHolds(showId);
    }
    const workers = [office.newExpiry(), office.newExpiry()];
    const expired = { total: 0 };
    for (let round = 0; round < 3; round++) {
      const reports = await Promise.all(workers.map((worker) => worker.sweep()));
      for (const report of reports) expired.total += report.expiredHolds;
    }
    expect(expired.total).toBe(25);
    for (const { id } of shows) {
      expect(await office.counters(id)).toEqual({ available: 10, held: 0, confirmed: 0 });
    }
    expect(await office.drifts()).toBe(0);
  });
});
