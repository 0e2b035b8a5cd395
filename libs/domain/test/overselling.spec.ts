import { setTimeout as sleep } from 'node:timers/promises';
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
    // There are parties of one behind every larger one, so all of it is sold.
    expect(sold).toBe(37);
    expect(count(results, 'done') + count(results, 'SOLD_OUT')).toBe(users.length);
    expect(await office.counters(showId)).toEqual({ available: 0, held: 37, confirmed: 0 });
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

  describe('of confirm and expire', () => {
    const HOLDS = 40;

    /**
     * Confirms all holds of a show one after the other while they lapse at random within the window
     * and are swept. Resolves to how many each side got.
     */
    async function race(windowMs: number) {
      const { id: showId } = await office.createShow({ totalSlots: HOLDS });
      const users = await office.createUsers(HOLDS);
      const holds = await Promise.all(
        users.map((userId) => office.bookings.hold({ showId, userId, quantity: 1 })),
      );
      await office.database.query(
        `UPDATE bookings SET expires_at = clock_timestamp() + random() * $2 * interval '1 ms'
         WHERE show_id = $1`,
        [showId, windowMs],
      );
      const expiry = office.newExpiry();
      let swept = 0;
      let isOver = false;
      const sweeping = (async () => {
        while (!isOver) swept += (await expiry.sweep()).expiredHolds;
      })();
      const confirms = await Promise.allSettled(
        holds.map(async ({ booking }, i) => {
          await sleep((windowMs * i) / HOLDS);
          const actor = { userId: users[i]!, isAdmin: false };
          return office.bookings.confirm({ showId, bookingId: booking.id }, actor);
        }),
      );
      isOver = true;
      await sweeping;
      const confirmed = count(confirms, 'done');
      expect(confirmed + count(confirms, 'HOLD_EXPIRED')).toBe(HOLDS);
      await office.database.query(
        `UPDATE bookings SET expires_at = clock_timestamp() WHERE show_id = $1`,
        [showId],
      );
      await expiry.sweep();
      expect(await office.counters(showId)).toEqual({
        available: HOLDS - confirmed,
        held: 0,
        confirmed,
      });
      return { confirmed, swept };
    }

    it('exactly one wins', async () => {
      const won = { confirmed: 0, swept: 0 };
      // On a slow machine everything may lapse first: then the next race takes twice as long.
      for (let windowMs = 50; windowMs < 5_000; windowMs *= 2) {
        const { confirmed, swept } = await race(windowMs);
        won.confirmed += confirmed;
        won.swept += swept;
        if (won.confirmed > 0 && won.swept > 0) break;
      }
      expect(won.confirmed).toBeGreaterThan(0);
      expect(won.swept).toBeGreaterThan(0);
      expect(await office.drifts()).toBe(0);
    });
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
