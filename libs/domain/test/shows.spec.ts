import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { viewBooking } from '../src/bookings/booking-view.js';
import { BookingOffice } from './support/booking-office.js';

describe('a show', () => {
  let office: BookingOffice;
  let userId: string;
  const refusal = (code: string) => expect.objectContaining({ code }) as unknown;
  beforeAll(async () => {
    office = await BookingOffice.open();
    userId = await office.createUser();
  });
  afterAll(() => office.close());

  const confirmed = async (showId: string, quantity: number) => {
    const { booking } = await office.bookings.hold({ showId, userId, quantity });
    const key = { showId, bookingId: booking.id };
    await office.bookings.confirm(key, { userId, isAdmin: false });
    return key;
  };

  it('grows and shrinks, but not below what is held and confirmed', async () => {
    const { id } = await office.createShow({ totalSlots: 10 });
    await confirmed(id, 4);
    await office.bookings.hold({ showId: id, userId, quantity: 2 });
    await office.shows.edit(id, { totalSlots: 20 }, null);
    expect(await office.counters(id)).toEqual({ available: 14, held: 2, confirmed: 4 });
    await office.shows.edit(id, { totalSlots: 6 }, null);
    await expect(office.shows.edit(id, { totalSlots: 5 }, null)).rejects.toMatchObject({
      code: 'CAPACITY_BELOW_BOOKED',
      details: { bookedSlots: 6 },
    });
    await office.lapseHolds(id);
    await office.shows.edit(id, { totalSlots: 5 }, null);
    expect(await office.counters(id)).toEqual({ available: 1, held: 0, confirmed: 4 });
    expect(await office.drifts()).toBe(0);
  });

  it('is edited from the revision last seen only, and sales do not change the revision', async () => {
    const { id } = await office.createShow();
    await confirmed(id, 1);
    const edited = await office.shows.edit(id, { title: 'New' }, 1);
    expect(edited).toMatchObject({ title: 'New', revision: 2, version: 4 });
    await expect(office.shows.edit(id, { title: 'Newer' }, 1)).rejects.toEqual(
      refusal('PRECONDITION_FAILED'),
    );
  });

  it('refuses times that do not fit, at an edit too', async () => {
    const { id, startsAt } = await office.createShow();
    const endsAt = new Date(startsAt.getTime() - 1);
    await expect(office.shows.edit(id, { endsAt }, null)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      details: { errors: [{ path: 'endsAt' }] },
    });
  });

  it('that is cancelled takes its bookings along', async () => {
    const { id: showId } = await office.createShow();
    const key = await confirmed(showId, 2);
    const { booking: pending } = await office.bookings.hold({ showId, userId, quantity: 1 });
    await office.shows.cancel(showId);
    expect(await office.counters(showId)).toEqual({ available: 10, held: 0, confirmed: 0 });
    const booking = await office.bookingsReader.find(key);
    expect(booking).toMatchObject({ status: 'CANCELLED', cancelReason: 'SHOW_CANCELLED' });
    await expect(office.bookings.hold({ showId, userId, quantity: 1 })).rejects.toEqual(
      refusal('SHOW_CLOSED'),
    );
    await expect(
      office.bookings.confirm({ showId, bookingId: pending.id }, { userId, isAdmin: false }),
    ).rejects.toEqual(refusal('BOOKING_CANCELLED'));
    expect(await office.drifts()).toBe(0);
  });

  it('with more bookings than one transaction cancels is finished by the worker', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 2_500 });
    await office.database.query(
      `INSERT INTO bookings (show_id, id, reference, user_id, quantity, status, expires_at, version, created_at)
       SELECT $1, gen_random_uuid(), lpad(i::text, 8, '0'), $2, 1, 'CONFIRMED', now(), i + 1, now()
       FROM generate_series(1, 2100) AS i`,
      [showId, userId],
    );
    await office.database.query(
      'UPDATE shows SET available_slots = 400, version = 2101 WHERE id = $1',
      [showId],
    );
    await office.shows.cancel(showId);
    const now = new Date();
    const page = await office.bookingsReader.findOfShow(showId, { limit: 2_500, now });
    expect(page).toHaveLength(2_100);
    expect(page.filter(({ status }) => status === 'CONFIRMED')).toHaveLength(1_100);
    for (const booking of page) {
      expect(viewBooking(booking, booking.show, now)).toMatchObject({
        status: 'CANCELLED',
        cancelReason: 'SHOW_CANCELLED',
      });
    }
    const expiry = office.newExpiry();
    await expiry.sweep();
    await expiry.sweep();
    expect(await office.counters(showId)).toEqual({ available: 2_500, held: 0, confirmed: 0 });
    expect(await office.drifts()).toBe(0);
  });

  it('keeps telling why its holds were cancelled, also when they lapse before their turn', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 1_300 });
    await office.database.query(
      `INSERT INTO bookings (show_id, id, reference, user_id, quantity, status, expires_at, version, created_at)
       SELECT $1, gen_random_uuid(), lpad(i::text, 8, '0'), $2, 1, 'PENDING',
              clock_timestamp() + interval '1 second', i + 1, now()
       FROM generate_series(1, 1200) AS i`,
      [showId, userId],
    );
    await office.database.query(
      'UPDATE shows SET available_slots = 100, held_slots = 1200, version = 1201 WHERE id = $1',
      [showId],
    );
    const { cancelledAt } = await office.shows.cancel(showId);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await office.newExpiry().sweep();
    const rows = await office.database.query(
      `SELECT cancel_reason AS reason, cancelled_at AS at, count(*)::int FROM bookings
       WHERE show_id = $1 GROUP BY 1, 2`,
      [showId],
    );
    expect(rows).toEqual([{ reason: 'SHOW_CANCELLED', at: cancelledAt, count: 1_200 }]);
  });

  it('can be deleted if it was never booked', async () => {
    const { id } = await office.createShow();
    await office.shows.delete(id, 1);
    expect(await office.showsReader.find(id)).toBeNull();
    const booked = await office.createShow();
    const { booking } = await office.bookings.hold({ showId: booked.id, userId, quantity: 1 });
    await office.bookings.cancel(
      { showId: booked.id, bookingId: booking.id },
      { userId, isAdmin: false },
    );
    await expect(office.shows.delete(booked.id, null)).rejects.toEqual(
      refusal('SHOW_HAS_BOOKINGS'),
    );
  });

  it('that is deleted and booked at once ends one way or the other', async () => {
    for (let round = 0; round < 10; round++) {
      const { id: showId } = await office.createShow();
      const [deleted, held] = await Promise.allSettled([
        office.shows.delete(showId, null),
        office.bookings.hold({ showId, userId, quantity: 1 }),
      ]);
      const losers = [deleted, held].filter(({ status }) => status === 'rejected');
      expect(losers).toHaveLength(1);
      expect((losers[0] as PromiseRejectedResult).reason.code).toMatch(
        /SHOW_HAS_BOOKINGS|SHOW_NOT_FOUND/,
      );
    }
  });
});

describe('the list of shows', () => {
  let office: BookingOffice;
  const now = new Date();
  const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
  beforeAll(async () => {
    office = await BookingOffice.open();
    await office.createShow({ title: 'Jazz 100%', startsAt: inHours(1), region: 'North' });
    await office.createShow({
      title: 'Bus_trip',
      startsAt: inHours(2),
      kind: 'BUS',
      origin: 'Pune',
    });
    const full = await office.createShow({
      title: 'Jazz again',
      startsAt: inHours(3),
      totalSlots: 1,
    });
    await office.createShow({ title: 'Yesterday', startsAt: inHours(-24) });
    const userId = await office.createUser();
    await office.bookings.hold({ showId: full.id, userId, quantity: 1 });
  });
  afterAll(() => office.close());

  const titles = async (filter: object) => {
    const found = await office.showsReader.list({ from: now, ...filter }, 10);
    return found.map(({ show }) => show.title);
  };

  it('finds by kind, region and time, in the order of the start', async () => {
    expect(await titles({})).toEqual(['Jazz 100%', 'Bus_trip', 'Jazz again']);
    expect(await titles({ kind: 'BUS' })).toEqual(['Bus_trip']);
    expect(await titles({ region: 'North' })).toEqual(['Jazz 100%']);
    expect(await titles({ from: inHours(-48), to: now })).toEqual(['Yesterday']);
    expect(await titles({ availableAt: now })).toEqual(['Jazz 100%', 'Bus_trip']);
    const { id } = await office.createShow({ region: 'Later', bookingOpensAt: inHours(1) });
    expect(await titles({ region: 'Later', availableAt: now })).toEqual([]);
    expect(await titles({ region: 'Later', availableAt: inHours(2) })).toEqual(['A show']);
    await office.shows.delete(id, null);
  });

  it('goes on after a position, one more than the limit telling that there is more', async () => {
    const first = await office.showsReader.list({ from: now }, 1);
    expect(first).toHaveLength(2);
    const { startsAt, id } = first[0]!.show;
    const rest = await office.showsReader.list({ from: now }, 10, { startsAt, id });
    expect(rest.map(({ show }) => show.title)).toEqual(['Bus_trip', 'Jazz again']);
  });

  it('knows when the next slot of a show may come back if all are held', async () => {
    const found = await office.showsReader.list({ from: now }, 10);
    expect(found.map(({ nextReleaseAt }) => nextReleaseAt)).toEqual([null, null, expect.any(Date)]);
  });
});
