import { describe, expect, it } from '@jest/globals';
import { notificationOf, STREAMED_TYPES, type EventType } from './domain-event-catalogue.js';

describe('the catalogue of domain events', () => {
  it.each([
    ['booking.held', { from: null }, 'HOLD_MADE'],
    ['booking.confirmed', { from: 'PENDING' }, 'BOOKING_CONFIRMED'],
    ['booking.reduced', { from: 'CONFIRMED' }, 'BOOKING_REDUCED'],
    ['booking.reduced', { from: 'PENDING' }, null],
    ['booking.cancelled', { from: 'CONFIRMED', cancelReason: 'USER' }, 'BOOKING_CANCELLED'],
    ['booking.cancelled', { from: 'CONFIRMED', cancelReason: 'SHOW_CANCELLED' }, 'SHOW_CANCELLED'],
    ['booking.cancelled', { from: 'PENDING', cancelReason: 'USER' }, null],
    ['booking.expired', { from: 'PENDING' }, null],
    ['show.updated', { previous: {} }, 'SHOW_CHANGED'],
    ['show.cancelled', {}, null],
    ['of.a.newer.release', {}, null],
  ])('says which notification %s of %j causes: %s', (type, payload, kind) => {
    expect(notificationOf({ type: type as EventType, payload })).toBe(kind);
  });

  it('shows bookings and shows in the event stream', () => {
    expect(STREAMED_TYPES).toContain('booking.held');
    expect(STREAMED_TYPES).toContain('show.deleted');
  });
});
