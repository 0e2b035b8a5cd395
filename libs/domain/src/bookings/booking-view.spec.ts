import { describe, expect, it } from '@jest/globals';
import { Show } from '../shows/show.entity.js';
import { viewBooking } from './booking-view.js';
import { Booking } from './booking.entity.js';

const ID = '01900000-0000-7000-8000-000000000000';
const expiresAt = new Date('2030-01-01T12:00:00Z');
const at = (seconds: number) => new Date(expiresAt.getTime() + seconds * 1_000);

const newShow = (fields: Partial<Show> = {}) =>
  Object.assign(new Show(), {
    id: ID,
    title: 'Show',
    startsAt: at(86_400),
    status: 'SCHEDULED',
    cancelledAt: null,
    ...fields,
  });

const newBooking = (fields: Partial<Booking> = {}) =>
  Object.assign(new Booking(), {
    showId: ID,
    id: ID,
    status: 'PENDING',
    cancelReason: null,
    expiresAt,
    confirmedAt: null,
    cancelledAt: null,
    createdAt: at(-120),
    ...fields,
  });

describe('a booking as people read it', () => {
  it('counts down to its expiry, and never below zero', () => {
    const seconds = [-120, -0.5, 0, 5].map(
      (time) => viewBooking(newBooking(), newShow(), at(time)).secondsToExpiry,
    );
    expect(seconds).toEqual([120, 1, 0, 0]);
  });

  it('counts down from what the hold lasts, also by a clock that is behind', () => {
    expect(viewBooking(newBooking(), newShow(), at(-125)).secondsToExpiry).toBe(120);
  });

  it('is PENDING until ten seconds after its expiry, then expired whoever has come by', () => {
    const read = (time: number) => viewBooking(newBooking(), newShow(), at(time));
    expect(read(9.9)).toMatchObject({ status: 'PENDING', secondsToExpiry: 0 });
    expect(read(10)).toMatchObject({
      status: 'CANCELLED',
      cancelReason: 'EXPIRED',
      cancelledAt: expiresAt.toISOString(),
    });
  });

  it('is cancelled at once with its show', () => {
    const cancelledAt = at(-60);
    const show = newShow({ status: 'CANCELLED', cancelledAt });
    for (const status of ['PENDING', 'CONFIRMED'] as const) {
      expect(viewBooking(newBooking({ status }), show, at(-59))).toMatchObject({
        status: 'CANCELLED',
        cancelReason: 'SHOW_CANCELLED',
        cancelledAt: cancelledAt.toISOString(),
      });
    }
  });

  it('keeps the reason it had: neither a later cancelling nor a later expiry changes it', () => {
    const cancelledLater = newShow({ status: 'CANCELLED', cancelledAt: at(60) });
    expect(viewBooking(newBooking(), cancelledLater, at(61)).cancelReason).toBe('EXPIRED');
    const cancelledBefore = newShow({ status: 'CANCELLED', cancelledAt: at(-60) });
    expect(viewBooking(newBooking(), cancelledBefore, at(60)).cancelReason).toBe('SHOW_CANCELLED');
  });
});
