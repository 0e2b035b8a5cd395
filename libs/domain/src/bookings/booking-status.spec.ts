import { describe, expect, it } from '@jest/globals';
import { BOOKING_STATUSES, BOOKING_TRANSITIONS, canMove } from './booking-status.js';

describe('the state machine of a booking', () => {
  it('has exactly these transitions', () => {
    const all = BOOKING_STATUSES.flatMap((from) =>
      BOOKING_STATUSES.filter((to) => canMove(from, to)).map((to) => `${from} → ${to}`),
    );
    expect(all).toEqual(['PENDING → CONFIRMED', 'PENDING → CANCELLED', 'CONFIRMED → CANCELLED']);
  });

  it('only moves forward, and ends in CANCELLED', () => {
    const rank = (status: (typeof BOOKING_STATUSES)[number]) => BOOKING_STATUSES.indexOf(status);
    for (const from of BOOKING_STATUSES) {
      for (const to of BOOKING_TRANSITIONS[from]) expect(rank(to)).toBeGreaterThan(rank(from));
    }
    expect(BOOKING_TRANSITIONS.CANCELLED).toEqual([]);
  });
});
