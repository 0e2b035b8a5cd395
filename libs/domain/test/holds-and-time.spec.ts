import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingOffice, HOLD_SECONDS } from './support/booking-office.js';

describe('holds and time', () => {
  let office: BookingOffice;
  let userId: string;
  const actor = () => ({ userId, isAdmin: false });
  const refusal = (code: string) => expect.objectContaining({ code }) as unknown;
  beforeAll(async () => {
    office = await BookingOffice.open();
    userId = await office.createUser();
  });
  afterAll(() => office.close());

  it('takes back lapsed holds by itself, with no worker running', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 4 });
    const first = await office.bookings.hold({ showId, userId, quantity: 2 });
    const second = await office.bookings.hold({ showId, userId, quantity: 2 });
    await office.lapseHolds(showId);
    const { booking } = await office.bookings.hold({ showId, userId, quantity: 1 });
    expect(booking.status).toBe('PENDING');
    // Only as many as it needed, oldest first.
    const rows = await office.database.query<{ id: string; status: string; reason: string }>(
      'SELECT id, status, cancel_reason AS reason FROM bookings WHERE show_id = $1 ORDER BY id',
      [showId],
    );
    expect(rows).toEqual([
      { id: first.booking.id, status: 'CANCELLED', reason: 'EXPIRED' },
      { id: second.booking.id, status: 'PENDING', reason: null },
      { id: booking.id, status: 'PENDING', reason: null },
    ]);
    expect(await office.drifts()).toBe(0);
  });

  it('says when the next slot may come back if all are held', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 2 });
    const { booking } = await office.bookings.hold({ showId, userId, quantity: 1 });
    await office.bookings.hold({ showId, userId, quantity: 1 });
    const refused = office.bookings.hold({ showId, userId, quantity: 1 });
    await expect(refused).rejects.toMatchObject({
      code: 'SOLD_OUT',
      details: { availableSlots: 0, heldSlots: 2, nextReleaseAt: booking.expiresAt },
    });
  });

  it('counts neither lapsed holds nor cancelled bookings against the limit per person', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 10, maxSlotsPerUser: 3 });
    await office.bookings.hold({ showId, userId, quantity: 3 });
    await office.lapseHolds(showId);
    const { booking } = await office.bookings.hold({ showId, userId, quantity: 3 });
    await office.bookings.cancel({ showId, bookingId: booking.id }, actor());
    await office.bookings.hold({ showId, userId, quantity: 2 });
    await expect(office.bookings.hold({ showId, userId, quantity: 2 })).rejects.toMatchObject({
      code: 'LIMIT_PER_USER',
      details: { maxSlotsPerUser: 3, bookedSlots: 2 },
    });
  });

  it('never confirms a hold whose time is up, even if nobody swept', async () => {
    const { id: showId } = await office.createShow();
    const { booking } = await office.bookings.hold({ showId, userId, quantity: 1 });
    await office.lapseHolds(showId, 0);
    const confirming = office.bookings.confirm({ showId, bookingId: booking.id }, actor());
    await expect(confirming).rejects.toEqual(refusal('HOLD_EXPIRED'));
  });

  it('decides the expiry by the clock after the wait for the lock, not before it', async () => {
    const { id: showId } = await office.createShow();
    const { booking } = await office.bookings.hold({ showId, userId, quantity: 1 });
    await office.database.query(
      `UPDATE bookings SET expires_at = now() + interval '300 ms' WHERE id = $1`,
      [booking.id],
    );
    // Somebody else holds the row until the hold has lapsed; the confirm starts in time and waits.
    const runner = office.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1 FROM shows WHERE id = $1 FOR UPDATE', [showId]);
    const [confirmed] = await Promise.allSettled([
      office.bookings.confirm({ showId, bookingId: booking.id }, actor()),
      runner.query('SELECT pg_sleep(0.6)').then(() => runner.commitTransaction()),
    ]);
    await runner.release();
    expect(confirmed).toEqual({ status: 'rejected', reason: refusal('HOLD_EXPIRED') });
  });

  it('counts what was committed while it waited for the lock', async () => {
    const { id: showId } = await office.createShow({ maxSlotsPerUser: 2 });
    const runner = office.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1 FROM shows WHERE id = $1 FOR UPDATE', [showId]);
    const sellTheLimit = async () => {
      await runner.query('SELECT pg_sleep(0.2)');
      await runner.query(
        `INSERT INTO bookings (show_id, id, reference, user_id, quantity, status, expires_at, version, created_at)
         VALUES ($1, gen_random_uuid(), 'AAAAAAAA', $2, 2, 'CONFIRMED', now(), 2, now())`,
        [showId, userId],
      );
      await runner.query(
        'UPDATE shows SET available_slots = available_slots - 2, version = 2 WHERE id = $1',
        [showId],
      );
      await runner.commitTransaction();
    };
    const [held] = await Promise.allSettled([
      office.bookings.hold({ showId, userId, quantity: 1 }),
      sellTheLimit(),
    ]);
    await runner.release();
    expect(held).toEqual({ status: 'rejected', reason: refusal('LIMIT_PER_USER') });
  });

  it('refuses before selling opens and after it closes, by the clock of the database', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    const later = await office.createShow({ bookingOpensAt: inAnHour });
    const hold = (showId: string) => office.bookings.hold({ showId, userId, quantity: 1 });
    await expect(hold(later.id)).rejects.toMatchObject({
      code: 'NOT_OPEN_YET',
      details: { opensAt: inAnHour, secondsToOpen: expect.any(Number) },
    });
    const past = await office.createShow({ startsAt: new Date(Date.now() - 1_000) });
    await expect(hold(past.id)).rejects.toEqual(refusal('SHOW_CLOSED'));
    const closed = await office.createShow({ bookingClosesAt: new Date(Date.now() - 1_000) });
    await expect(hold(closed.id)).rejects.toEqual(refusal('SHOW_CLOSED'));
  });

  it("holds for the installation's time, or the show's own", async () => {
    const usual = await office.createShow();
    const own = await office.createShow({ holdSeconds: 600 });
    for (const [show, seconds] of [
      [usual, HOLD_SECONDS],
      [own, 600],
    ] as const) {
      const { booking } = await office.bookings.hold({ showId: show.id, userId, quantity: 1 });
      expect(booking.expiresAt.getTime() - booking.createdAt.getTime()).toBe(seconds * 1_000);
    }
  });

  it('takes back more lapsed holds than one transaction may', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 1_100 });
    await office.database.query(
      `INSERT INTO bookings (show_id, id, reference, user_id, quantity, status, expires_at, version, created_at)
       SELECT $1, gen_random_uuid(), lpad(i::text, 8, '0'), $2, 1, 'PENDING',
              now() - interval '1 minute', i + 1, now()
       FROM generate_series(1, 1100) AS i`,
      [showId, userId],
    );
    await office.database.query(
      'UPDATE shows SET available_slots = 0, held_slots = 1100, version = 1101 WHERE id = $1',
      [showId],
    );
    await office.shows.edit(showId, { totalSlots: 5 }, null);
    expect((await office.show(showId)).totalSlots).toBe(5);
    expect(await office.drifts()).toBe(0);
  });

  it('skips a locked show at first, and waits for it when that has lasted a second', async () => {
    await office.newExpiry().sweep();
    const { id: showId } = await office.createShow({ totalSlots: 1 });
    await office.bookings.hold({ showId, userId, quantity: 1 });
    await office.lapseHolds(showId);
    const expiry = office.newExpiry();
    const runner = office.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1 FROM shows WHERE id = $1 FOR UPDATE', [showId]);
    expect(await expiry.sweep()).toMatchObject({ expiredHolds: 0, skippedShows: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const patient = expiry.sweep();
    await runner.query('SELECT pg_sleep(0.2)');
    await runner.commitTransaction();
    await runner.release();
    expect(await patient).toMatchObject({ expiredHolds: 1, skippedShows: 0 });
  });

  it('takes back the holds of every other show while one stays locked', async () => {
    await office.newExpiry().sweep();
    const shows = await Promise.all([1, 2, 3].map(() => office.createShow({ totalSlots: 1 })));
    const expiry = office.newExpiry();
    for (const { id: showId } of shows) {
      await office.bookings.hold({ showId, userId, quantity: 1 });
      await office.lapseHolds(showId);
    }
    const runner = office.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1 FROM shows WHERE id = $1 FOR UPDATE', [shows[0]!.id]);
    expect(await expiry.sweep()).toMatchObject({ expiredHolds: 2, skippedShows: 1 });
    await office.bookings.hold({ showId: shows[2]!.id, userId, quantity: 1 });
    await office.lapseHolds(shows[2]!.id);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    // Now the locked show is waited for, in vain; the other one has had its turn before.
    const report = await expiry.sweep();
    expect(report).toMatchObject({ expiredHolds: 1, skippedShows: 1 });
    expect(report.errors).toHaveLength(1);
    await runner.rollbackTransaction();
    await runner.release();
  });
});
