import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { itUndistributed } from '../../../test/optional.js';
import { BookingEngine } from '../src/ledger/booking-engine.js';
import type { Booking } from '../src/bookings/booking.entity.js';
import { BookingsService } from '../src/bookings/bookings.service.js';
import { Cancel } from '../src/bookings/commands/cancel.js';
import { Hold } from '../src/bookings/commands/hold.js';
import { Reduce } from '../src/bookings/commands/reduce.js';
import { Ledger } from '../src/ledger/ledger.js';
import { BookingOffice, GROUP_COMMIT, HOLD_SECONDS, SHARDING } from './support/booking-office.js';

const LIMITS = { maxHeldSlots: 20 };
const HOLD_MS = HOLD_SECONDS * 1_000;

describe('what one account holds', () => {
  let office: BookingOffice;
  let bookings: BookingsService;
  let userId: string;
  beforeAll(async () => {
    office = await BookingOffice.open();
    bookings = new BookingsService(office.engine, HOLD_SECONDS, LIMITS);
  });
  beforeEach(async () => {
    userId = await office.createUser();
  });
  afterAll(() => office.close());

  const actor = () => ({ userId, isAdmin: false });
  const keyOf = ({ showId, id }: Booking) => ({ showId, bookingId: id });
  const hold = async (showId: string, quantity: number, more: object = {}) =>
    (await bookings.hold({ showId, userId, quantity, ...more })).booking;
  const cancel = (booking: Booking) => bookings.cancel(keyOf(booking), actor());
  const held = { status: 'PENDING' };
  const tooManyHeld = (slots: number) => ({
    kind: 'conflict',
    code: 'TOO_MANY_HELD',
    details: { held: slots, limit: LIMITS.maxHeldSlots },
  });

  describe('at once', () => {
    it('is limited, and confirmed slots do not count', async () => {
      const { id } = await office.createShow({ totalSlots: 100 });
      const booking = await hold(id, 20);
      await expect(hold(id, 1)).rejects.toMatchObject(tooManyHeld(20));
      await bookings.confirm(keyOf(booking), actor());
      await bookings.reduce(keyOf(await hold(id, 20)), actor(), 15);
      await hold(id, 5);
      await expect(hold(id, 1)).rejects.toMatchObject(tooManyHeld(20));
    });

    it('is not counted once it has lapsed, whether or not it was taken back', async () => {
      const { id } = await office.createShow({ totalSlots: 100 });
      await hold(id, 20);
      await office.lapseHolds(id);
      expect(await hold(id, 20)).toMatchObject(held);
    });

    it('is exact within a show, however many processes decide', async () => {
      const { id } = await office.createShow({ totalSlots: 500 });
      const processes = [1, 2, 3].map(() => {
        const engine = new BookingEngine(new Ledger(office.dataSource, SHARDING), GROUP_COMMIT);
        return new BookingsService(engine, HOLD_SECONDS, LIMITS);
      });
      const results = await Promise.allSettled(
        Array.from({ length: 90 }, (_, n) =>
          processes[n % 3]!.hold({ showId: id, userId, quantity: 1 }),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
      expect(await office.counters(id)).toMatchObject({ held: 20 });
    });

    itUndistributed(
      'is counted over all shows',
      'there a statement asks about one show',
      async () => {
        const shows = await Promise.all(
          Array.from({ length: 30 }, () => office.createShow({ totalSlots: 50 })),
        );
        const ids = shows.map(({ id }) => id);
        const first = await hold(ids[0]!, 12);
        await expect(hold(ids[1]!, 12)).rejects.toMatchObject(tooManyHeld(12));
        await hold(ids[1]!, 8);
        await cancel(first);
        // In one batch over all of them.
        const { outcomes } = await office.ledger.run(
          ids.map((showId) => new Hold({ showId, userId, quantity: 1 }, HOLD_SECONDS, LIMITS)),
        );
        expect(outcomes.filter(({ kind }) => kind === 'done')).toHaveLength(12);
      },
    );

    it('never refuses what was booked already', async () => {
      const { id } = await office.createShow({ totalSlots: 100 });
      const request = { showId: id, userId, quantity: 20, idempotencyKey: 'again' };
      await bookings.hold(request);
      expect(await bookings.hold(request)).toMatchObject({ replayed: true });
      const lost = new Hold({ showId: id, userId, quantity: 20 }, HOLD_SECONDS, {
        maxHeldSlots: 40,
      });
      await office.ledger.run([lost]);
      const { outcomes } = await office.ledger.run([lost], { outcomeUnknown: true });
      expect(outcomes).toMatchObject([{ kind: 'done' }]);
    });
  });

  describe('again, after it was given back', () => {
    /** A show of 100 slots of which so many are free; what is not is confirmed by others. */
    async function createShow(free: number): Promise<string> {
      const { id } = await office.createShow({ totalSlots: 100 });
      const other = await office.createUser();
      const { booking } = await office.bookings.hold({
        showId: id,
        userId: other,
        quantity: 100 - free,
      });
      await office.bookings.confirm(keyOf(booking), { userId: other, isAdmin: false });
      return id;
    }

    const tooSoon = { kind: 'conflict', code: 'REHOLD_TOO_SOON' };
    /** The share of a hold's length that the account is told to wait. */
    const waitOf = async (showId: string) => {
      const error = (await hold(showId, 1).catch((each: unknown) => each)) as {
        details: { retryAt: Date };
      };
      expect(error).toMatchObject(tooSoon);
      const [last] = await office.database.query<{ at: Date }>(
        `SELECT max(given_back_at) AS at FROM bookings WHERE show_id = $1 AND user_id = $2`,
        [showId, userId],
      );
      return (error.details.retryAt.getTime() - last!.at.getTime()) / HOLD_MS;
    };
    /** Moves the time of what was given back. */
    const wait = (showId: string, share: number) =>
      office.database.query(
        `UPDATE bookings SET given_back_at = given_back_at - make_interval(secs => $2)
         WHERE show_id = $1`,
        [showId, share * HOLD_SECONDS + 1],
      );

    it('waits from the second time on, a quarter of a hold, then twice as long, up to a hold', async () => {
      const id = await createShow(9);
      await cancel(await hold(id, 3));
      await cancel(await hold(id, 2));
      for (const share of [0.25, 0.5, 1, 1]) {
        expect(await waitOf(id)).toBeCloseTo(share, 3);
        await wait(id, share);
        await cancel(await hold(id, 2));
      }
      expect(await office.drifts()).toBe(0);
    });

    it('waits from the first time on if it lapsed, before and after it is taken back', async () => {
      const id = await createShow(9);
      await hold(id, 3);
      await office.lapseHolds(id, 0);
      const error = { ...tooSoon, details: { retryAt: expect.any(Date) } };
      await expect(hold(id, 1)).rejects.toMatchObject(error);
      await office.newExpiry().sweep();
      expect(await waitOf(id)).toBeCloseTo(0.25, 3);
      await wait(id, 0.25);
      await hold(id, 1);
    });

    it('waits after it was reduced, which counts once for a booking', async () => {
      const id = await createShow(9);
      const first = await hold(id, 3);
      await bookings.reduce(keyOf(first), actor(), 2);
      await bookings.reduce(keyOf(first), actor(), 1);
      await cancel(first);
      await bookings.reduce(keyOf(await hold(id, 3)), actor(), 1);
      expect(await waitOf(id)).toBeCloseTo(0.25, 3);
    });

    it('counts once a booking that is reduced twice in one batch', async () => {
      const id = await createShow(9);
      const first = await hold(id, 3);
      const { outcomes } = await office.ledger.run([
        new Reduce(keyOf(first), actor(), 2),
        new Reduce(keyOf(first), actor(), 1),
        new Hold({ showId: id, userId, quantity: 1 }, HOLD_SECONDS, LIMITS),
      ]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
    });

    it('waits for nothing where enough is free, or comes back from what has lapsed', async () => {
      const id = await createShow(20);
      for (let n = 0; n < 4; n++) await cancel(await hold(id, 5));
      expect(await hold(id, 10)).toMatchObject(held);
      const { id: lapsed } = await office.createShow({ totalSlots: 20 });
      await hold(lapsed, 10);
      await office.lapseHolds(lapsed);
      expect(await hold(lapsed, 10)).toMatchObject(held);
    });

    it('waits for nothing after others gave it back, or after it was confirmed', async () => {
      const id = await createShow(9);
      for (let n = 0; n < 2; n++) {
        const admin = { userId: await office.createUser(), isAdmin: true };
        await bookings.cancel(keyOf(await hold(id, 2)), admin);
        const confirmed = await hold(id, 2);
        await bookings.confirm(keyOf(confirmed), actor());
        await cancel(confirmed);
      }
      expect(await hold(id, 2)).toMatchObject(held);
    });

    it('does not keep others, or the account from other shows', async () => {
      const id = await createShow(9);
      for (let n = 0; n < 2; n++) await cancel(await hold(id, 2));
      await expect(hold(id, 2)).rejects.toMatchObject(tooSoon);
      await hold(await createShow(9), 2);
      userId = await office.createUser();
      await hold(id, 9);
    });

    it('comes after what others want of it in the same batch', async () => {
      const id = await createShow(5);
      const booking = await hold(id, 5);
      const own = new Hold({ showId: id, userId, quantity: 5 }, HOLD_SECONDS, LIMITS);
      const other = new Hold(
        { showId: id, userId: await office.createUser(), quantity: 1 },
        HOLD_SECONDS,
        LIMITS,
      );
      const { outcomes } = await office.ledger.run([
        new Cancel(keyOf(booking), actor()),
        own,
        other,
      ]);
      expect(outcomes).toMatchObject([
        { kind: 'done' },
        { kind: 'refused', error: { code: 'SOLD_OUT' } },
        { kind: 'done' },
      ]);
    });
  });
});
