import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '../src/bookings/commands/booking-command.js';
import { itUndistributed } from '../../../test/optional.js';
import { BookingOffice } from './support/booking-office.js';

describe('a booking', () => {
  let office: BookingOffice;
  let actor: Actor;
  const admin: Actor = { userId: 'ffffffff-ffff-4fff-8fff-ffffffffffff', isAdmin: true };
  const refusal = (code: string) => expect.objectContaining({ code }) as unknown;
  beforeAll(async () => {
    office = await BookingOffice.open();
    actor = { userId: await office.createUser(), isAdmin: false };
  });
  afterAll(() => office.close());

  const hold = async (showId: string, quantity = 1) => {
    const { booking } = await office.bookings.hold({ showId, userId: actor.userId, quantity });
    return { showId, bookingId: booking.id };
  };

  it('goes from held to confirmed to cancelled, and its slots return once', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 10 });
    const key = await hold(showId, 3);
    expect(await office.counters(showId)).toEqual({ available: 7, held: 3, confirmed: 0 });
    await office.bookings.confirm(key, actor);
    expect(await office.counters(showId)).toEqual({ available: 7, held: 0, confirmed: 3 });
    await office.bookings.cancel(key, actor);
    await office.bookings.cancel(key, actor);
    expect(await office.counters(showId)).toEqual({ available: 10, held: 0, confirmed: 0 });
  });

  it('answers a repeated confirm with the same booking, and takes no version for it', async () => {
    const { id: showId } = await office.createShow();
    const key = await hold(showId);
    const first = await office.bookings.confirm(key, actor);
    const second = await office.bookings.confirm(key, actor);
    expect(second.booking).toMatchObject({ id: first.booking.id, version: first.booking.version });
    expect((await office.show(showId)).version).toBe(3);
  });

  it('cannot be confirmed when it was given back', async () => {
    const { id: showId } = await office.createShow();
    const key = await hold(showId);
    await office.bookings.cancel(key, actor);
    await expect(office.bookings.confirm(key, actor)).rejects.toEqual(refusal('BOOKING_CANCELLED'));
  });

  it('is nobody else’s business, but an admin may cancel it', async () => {
    const { id: showId } = await office.createShow();
    const key = await hold(showId);
    const stranger: Actor = { userId: await office.createUser(), isAdmin: false };
    for (const attempt of [
      office.bookings.confirm(key, stranger),
      office.bookings.cancel(key, stranger),
      office.bookings.reduce(key, stranger, 1),
      office.bookings.confirm(key, admin),
    ]) {
      await expect(attempt).rejects.toEqual(refusal('BOOKING_NOT_FOUND'));
    }
    const { booking } = await office.bookings.cancel(key, admin);
    expect(booking).toMatchObject({ status: 'CANCELLED', cancelReason: 'USER' });
  });

  it('can be cancelled by its owner until cancelUntil, by an admin later too', async () => {
    const { id: showId } = await office.createShow({ cancelUntil: new Date(Date.now() - 1_000) });
    const confirmed = await hold(showId, 2);
    await office.bookings.confirm(confirmed, actor);
    const closed = refusal('CANCEL_CLOSED');
    await expect(office.bookings.cancel(confirmed, actor)).rejects.toEqual(closed);
    await expect(office.bookings.reduce(confirmed, actor, 1)).rejects.toEqual(closed);
    // A hold is not a booking yet: it can always be given back.
    await office.bookings.cancel(await hold(showId), actor);
    await office.bookings.cancel(confirmed, admin);
    expect(await office.drifts()).toBe(0);
  });

  it('gives back what it is reduced by, and does so once', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 10 });
    const key = await hold(showId, 5);
    await office.bookings.reduce(key, actor, 3);
    await office.bookings.reduce(key, actor, 3);
    expect(await office.counters(showId)).toEqual({ available: 7, held: 3, confirmed: 0 });
    await office.bookings.confirm(key, actor);
    await office.bookings.reduce(key, actor, 1);
    expect(await office.counters(showId)).toEqual({ available: 9, held: 0, confirmed: 1 });
    await expect(office.bookings.reduce(key, actor, 2)).rejects.toEqual(
      refusal('VALIDATION_FAILED'),
    );
    expect(await office.drifts()).toBe(0);
  });

  it('reads as expired when a lapsed hold is given back', async () => {
    const { id: showId } = await office.createShow();
    const key = await hold(showId);
    await office.lapseHolds(showId);
    const { booking } = await office.bookings.cancel(key, actor);
    expect(booking).toMatchObject({ status: 'CANCELLED', cancelReason: 'EXPIRED' });
  });

  it('is refused for a show or a booking that does not exist', async () => {
    const nowhere = '01900000-0000-7000-8000-000000000000';
    await expect(hold(nowhere)).rejects.toEqual(refusal('SHOW_NOT_FOUND'));
    const { id: showId } = await office.createShow();
    for (const key of [
      { showId, bookingId: nowhere },
      { showId: nowhere, bookingId: nowhere },
    ]) {
      await expect(office.bookings.confirm(key, actor)).rejects.toEqual(
        refusal('BOOKING_NOT_FOUND'),
      );
    }
  });

  it('is refused to an account that does not exist any more', async () => {
    const { id: showId } = await office.createShow();
    const holding = office.bookings.hold({ showId, userId: admin.userId, quantity: 1 });
    await expect(holding).rejects.toEqual(refusal('UNAUTHORIZED'));
    expect(await office.counters(showId)).toEqual({ available: 10, held: 0, confirmed: 0 });
  });
});

describe('an idempotency key', () => {
  let office: BookingOffice;
  beforeAll(async () => {
    office = await BookingOffice.open();
  });
  afterAll(() => office.close());

  it('answers the booking as it is now', async () => {
    const { id: showId } = await office.createShow();
    const userId = await office.createUser();
    const request = { showId, userId, quantity: 2, idempotencyKey: 'k1' };
    const { booking } = await office.bookings.hold(request);
    await office.bookings.cancel({ showId, bookingId: booking.id }, { userId, isAdmin: false });
    const again = await office.bookings.hold(request);
    expect(again).toMatchObject({
      replayed: true,
      booking: { id: booking.id, status: 'CANCELLED' },
    });
  });

  it('is refused for another request', async () => {
    const { id: showId } = await office.createShow();
    const userId = await office.createUser();
    const request = { showId, userId, quantity: 1, idempotencyKey: 'k2' };
    await office.bookings.hold(request);
    for (const changed of [{ quantity: 2 }, { customer: { name: 'X' } }]) {
      await expect(office.bookings.hold({ ...request, ...changed })).rejects.toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
    }
    expect(await office.counters(showId)).toEqual({ available: 9, held: 1, confirmed: 0 });
  });

  itUndistributed(
    'is refused for another show',
    'a look at other shows would visit every shard, so it is switched off',
    async () => {
      const [one, other] = [await office.createShow(), await office.createShow()];
      const request = { userId: await office.createUser(), quantity: 1, idempotencyKey: 'k4' };
      await office.bookings.hold({ ...request, showId: one.id });
      await expect(office.bookings.hold({ ...request, showId: other.id })).rejects.toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
      expect(await office.counters(other.id)).toEqual({ available: 10, held: 0, confirmed: 0 });
    },
  );

  it('belongs to its user', async () => {
    const { id: showId } = await office.createShow();
    const users = await office.createUsers(2);
    const bookings = await Promise.all(
      users.map((userId) =>
        office.bookings.hold({ showId, userId, quantity: 1, idempotencyKey: 'same' }),
      ),
    );
    expect(new Set(bookings.map(({ booking }) => booking.id)).size).toBe(2);
  });

  it('is free again after a refusal', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 1 });
    const [first = '', second = ''] = await office.createUsers(2);
    const { booking } = await office.bookings.hold({ showId, userId: first, quantity: 1 });
    const request = { showId, userId: second, quantity: 1, idempotencyKey: 'k3' };
    await expect(office.bookings.hold(request)).rejects.toMatchObject({ code: 'SOLD_OUT' });
    const key = { showId, bookingId: booking.id };
    await office.bookings.cancel(key, { userId: first, isAdmin: false });
    expect(await office.bookings.hold(request)).toMatchObject({ replayed: false });
  });
});
