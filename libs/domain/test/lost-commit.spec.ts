import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingOffice } from './support/booking-office.js';

describe('a COMMIT whose answer got lost', () => {
  let office: BookingOffice;
  let userId: string;
  beforeAll(async () => {
    office = await BookingOffice.open();
    userId = await office.createUser();
  });
  afterAll(() => office.close());

  /** The next transaction is committed, but the connection breaks before anybody hears of it. */
  const loseNextAnswer = (times = 1) => {
    const original = office.ledger.run.bind(office.ledger);
    let left = times;
    office.ledger.run = async (...given) => {
      const result = await original(...given);
      left -= 1;
      if (left <= 0) office.ledger.run = original;
      throw new Error('Connection terminated unexpectedly', { cause: result });
    };
    return () => (office.ledger.run = original);
  };
  const events = (showId: string) =>
    office.database.query('SELECT type FROM outbox WHERE aggregate_id = $1', [showId]);

  it('makes one booking, and answers it', async () => {
    const { id: showId } = await office.createShow();
    loseNextAnswer(2);
    const { booking, replayed } = await office.bookings.hold({ showId, userId, quantity: 2 });
    expect(replayed).toBe(false);
    expect(await office.bookingsReader.find({ showId, bookingId: booking.id })).not.toBeNull();
    expect(await office.counters(showId)).toEqual({ available: 8, held: 2, confirmed: 0 });
    expect(await events(showId)).toHaveLength(2);
  });

  it('confirms and cancels once', async () => {
    const { id: showId } = await office.createShow();
    const actor = { userId, isAdmin: false };
    const { booking } = await office.bookings.hold({ showId, userId, quantity: 1 });
    const key = { showId, bookingId: booking.id };
    loseNextAnswer();
    expect((await office.bookings.confirm(key, actor)).booking.status).toBe('CONFIRMED');
    loseNextAnswer();
    expect((await office.bookings.cancel(key, actor)).booking.status).toBe('CANCELLED');
    expect(await events(showId)).toHaveLength(4);
    expect(await office.drifts()).toBe(0);
  });

  it('edits a show once, also from a revision that is the old one by then', async () => {
    const { id } = await office.createShow();
    loseNextAnswer();
    expect(await office.shows.edit(id, { title: 'New' }, 1)).toMatchObject({
      title: 'New',
      revision: 2,
    });
    expect(await events(id)).toHaveLength(2);
  });

  it('deletes a show, and does not say that it was never there', async () => {
    const { id } = await office.createShow();
    loseNextAnswer();
    await office.shows.delete(id, 1);
    expect(await office.showsReader.find(id)).toBeNull();
    expect(await events(id)).toHaveLength(2);
  });

  it('is told as unknown when it cannot be asked in time', async () => {
    const { id: showId } = await office.createShow();
    const restore = loseNextAnswer(1_000);
    const holding = office.bookings.hold({ showId, userId, quantity: 1 });
    await expect(holding).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    restore();
    expect(await office.counters(showId)).toEqual({ available: 9, held: 1, confirmed: 0 });
  });
});
