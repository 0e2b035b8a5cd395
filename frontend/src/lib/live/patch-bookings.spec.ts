import { describe, expect, it } from '@jest/globals';
import type { Booking } from '../api/types';
import { applyBookingToPages, keepNewerBookingsInPages, newerBooking } from './patch-bookings';
import type { Pages } from './pages';

describe('merging two states of a booking', () => {
  it('the higher version wins, whichever came last', () => {
    const held = booking({ version: 3 });
    const confirmed = booking({ version: 5, status: 'CONFIRMED' });
    expect(newerBooking(held, confirmed)).toBe(confirmed);
    expect(newerBooking(confirmed, held)).toBe(confirmed);
  });

  it('with equal versions the later status wins', () => {
    const held = booking({ version: 3 });
    const expired = booking({ version: 3, status: 'CANCELLED', cancelReason: 'EXPIRED' });
    expect(newerBooking(held, expired)).toBe(expired);
    expect(newerBooking(expired, held)).toBe(expired);
  });

  it('with equal versions and status the later read wins, for its seconds', () => {
    const later = booking({ secondsToExpiry: 60 });
    expect(newerBooking(booking({ secondsToExpiry: 90 }), later)).toBe(later);
  });
});

describe('a list of bookings', () => {
  it('takes an event for one of its bookings', () => {
    const list = pages(booking({ id: 'a' }), booking({ id: 'b' }));
    const patched = applyBookingToPages(list, booking({ id: 'b', version: 9, quantity: 4 }));
    expect(patched.pages[0]?.data.map(({ quantity }) => quantity)).toEqual([1, 4]);
  });

  it('stays as it is for a booking it does not show', () => {
    const list = pages(booking({ id: 'a' }));
    expect(applyBookingToPages(list, booking({ id: 'z' }))).toBe(list);
  });

  it('keeps a newer update when a response is older', () => {
    const known = pages(booking({ version: 4, status: 'CONFIRMED' }));
    const read = pages(booking({ version: 2 }));
    expect(keepNewerBookingsInPages(known, read).pages[0]?.data[0]?.status).toBe('CONFIRMED');
  });
});

function booking(over: Partial<Booking> = {}): Booking {
  return {
    id: 'bkg_1',
    reference: 'ABCD1234',
    version: 1,
    showId: 'show-1',
    show: {
      title: 'Concert',
      kind: 'EVENT',
      venue: null,
      endsAt: null,
      startsAt: '2030-01-01T19:00:00.000Z',
      timeZone: 'Europe/Berlin',
    },
    quantity: 1,
    status: 'PENDING',
    cancelReason: null,
    expiresAt: '2029-12-01T00:02:00.000Z',
    secondsToExpiry: 120,
    confirmedAt: null,
    cancelledAt: null,
    createdAt: '2029-12-01T00:00:00.000Z',
    ...over,
  };
}

function pages(...data: Booking[]): Pages<Booking> {
  return { pages: [{ data, page: { nextCursor: null, limit: 20 } }], pageParams: [undefined] };
}
