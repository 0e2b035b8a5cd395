import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBookingId, encodeBookingId } from './booking-id.js';

describe('the public id of a booking', () => {
  const uuid = fc.uuid({ version: 7 });

  it('carries show and booking there and back', () => {
    fc.assert(
      fc.property(uuid, uuid, (showId, bookingId) => {
        const id = encodeBookingId({ showId, bookingId });
        expect(id).toMatch(/^bkg_[\w-]{43}$/);
        expect(decodeBookingId(id)).toEqual({ showId, bookingId });
      }),
    );
  });

  it('of any other text is none', () => {
    const showId = '01900000-0000-7000-8000-000000000000';
    const id = encodeBookingId({ showId, bookingId: showId });
    for (const text of [
      '',
      'bkg_',
      id.slice(0, -1),
      `${id}A`,
      `x${id}`,
      id.replace(/^bkg_/, 'bkg_!'),
    ]) {
      expect(decodeBookingId(text)).toBeNull();
    }
    // Its last character has unused bits, which must not make a second name for the same booking.
    expect(decodeBookingId(`${id.slice(0, -1)}B`)).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => decodeBookingId(text) === null));
  });
});
