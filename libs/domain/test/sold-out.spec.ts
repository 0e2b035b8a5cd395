import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingOffice } from './support/booking-office.js';

describe('a show that was just found sold out', () => {
  let office: BookingOffice;
  let userId: string;
  let batches = 0;
  beforeAll(async () => {
    office = await BookingOffice.open();
    userId = await office.createUser();
    office.engine.batches.subscribe(() => (batches += 1));
  });
  afterAll(() => office.close());

  const hold = (showId: string, more: { quantity?: number; idempotencyKey?: string } = {}) =>
    office.bookings.hold({ showId, userId, quantity: 1, ...more });

  /** Sold out, and known to be. */
  const soldOutShow = async (fields: { totalSlots?: number; holdSeconds?: number } = {}) => {
    const { id } = await office.createShow({ totalSlots: 1, ...fields });
    const { booking } = await hold(id);
    await expect(hold(id)).rejects.toMatchObject({ code: 'SOLD_OUT' });
    batches = 0;
    return { id, booking };
  };

  it('refuses the flood that follows without a turn in its lane', async () => {
    const { id } = await soldOutShow();
    const flood = await Promise.allSettled(Array.from({ length: 50 }, () => hold(id)));
    expect(flood.map(({ status }) => status)).toEqual(Array<string>(50).fill('rejected'));
    await expect(hold(id)).rejects.toMatchObject({
      details: { availableSlots: 0, heldSlots: 1, nextReleaseAt: expect.any(Date) as unknown },
    });
    expect(batches).toBe(0);
  });

  it('looks again after a second', async () => {
    const { id } = await soldOutShow();
    await sleep(1_050);
    await expect(hold(id)).rejects.toMatchObject({ code: 'SOLD_OUT' });
    expect(batches).toBe(1);
  });

  it('sells at once what was given back, and what lapsed', async () => {
    const { id, booking } = await soldOutShow({ holdSeconds: 1 });
    await office.bookings.cancel({ showId: id, bookingId: booking.id }, { userId, isAdmin: false });
    const successor = await hold(id);
    await expect(hold(id)).rejects.toMatchObject({ code: 'SOLD_OUT' });
    const lapses = successor.booking.expiresAt.getTime() - Date.now();
    await sleep(lapses + 20);
    expect((await hold(id)).booking.status).toBe('PENDING');
  });

  it('sells at once what an organiser adds, also in the same transaction', async () => {
    const { id } = await office.createShow({ totalSlots: 1 });
    await hold(id);
    const [refused, edited] = await Promise.allSettled([
      hold(id),
      office.shows.edit(id, { totalSlots: 5 }, null),
    ]);
    expect([refused.status, edited.status]).toEqual(['rejected', 'fulfilled']);
    expect((await hold(id)).booking.status).toBe('PENDING');
  });

  it('still sells fewer slots, and still answers a repeated request', async () => {
    const { id } = await office.createShow({ totalSlots: 3 });
    const { booking } = await hold(id, { idempotencyKey: 'mine' });
    await expect(hold(id, { quantity: 3 })).rejects.toMatchObject({ code: 'SOLD_OUT' });
    expect((await hold(id, { quantity: 2 })).booking.quantity).toBe(2);
    await expect(hold(id)).rejects.toMatchObject({ code: 'SOLD_OUT' });
    expect(await hold(id, { idempotencyKey: 'mine' })).toMatchObject({
      replayed: true,
      booking: { id: booking.id },
    });
  });
});
