import { describe, expect, it } from '@jest/globals';
import { availabilityOf } from './show-view.js';
import { Show } from './show.entity.js';

const startsAt = new Date('2030-01-01T12:00:00Z');
const before = (seconds: number) => new Date(startsAt.getTime() - seconds * 1_000);

const newShow = (fields: Partial<Show> = {}) =>
  Object.assign(new Show(), {
    startsAt,
    endsAt: null,
    status: 'SCHEDULED',
    bookingOpensAt: null,
    bookingClosesAt: null,
    availableSlots: 1,
    heldSlots: 0,
    ...fields,
  });

describe('the availability of a show', () => {
  it.each([
    ['OPEN', {}, 60],
    ['ALL_HELD', { availableSlots: 0, heldSlots: 2 }, 60],
    ['SOLD_OUT', { availableSlots: 0 }, 60],
    ['UPCOMING', { bookingOpensAt: before(30) }, 60],
    ['OPEN', { bookingOpensAt: before(60) }, 60],
    ['CLOSED', {}, 0],
    ['CLOSED', { bookingClosesAt: before(60) }, 60],
    ['CLOSED', { bookingClosesAt: before(-60) }, 0],
    ['OPEN', { endsAt: before(-90), bookingClosesAt: before(-60) }, -59],
    ['CLOSED', { endsAt: before(-90), bookingClosesAt: before(-60) }, -60],
    ['CLOSED', { endsAt: before(-90) }, 0],
    ['CLOSED', { endsAt: before(-90), bookingClosesAt: before(-99) }, -90],
    ['CLOSED', { status: 'CANCELLED' }, 60],
  ] as const)('is %s for %j %d s before the start', (availability, fields, seconds) => {
    expect(availabilityOf(newShow(fields), before(seconds))).toBe(availability);
  });
});
