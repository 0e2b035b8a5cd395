import { describe, expect, it } from '@jest/globals';
import { availabilityNow } from './availability';

const open = {
  status: 'SCHEDULED',
  availability: 'OPEN',
  availableSlots: 3,
  heldSlots: 0,
} as const;

describe('the availability of a show on screen', () => {
  it('follows its counters', () => {
    expect(availabilityNow(open, 0)).toBe('OPEN');
    expect(availabilityNow({ ...open, availableSlots: 0, heldSlots: 2 }, 0)).toBe('ALL_HELD');
    expect(availabilityNow({ ...open, availableSlots: 0 }, 0)).toBe('SOLD_OUT');
  });

  it('opens by itself when the countdown ends', () => {
    const upcoming = { ...open, availability: 'UPCOMING' } as const;
    expect(availabilityNow(upcoming, 1)).toBe('UPCOMING');
    expect(availabilityNow(upcoming, 0)).toBe('OPEN');
  });

  it('closes by itself, whether it had opened or not', () => {
    expect(availabilityNow(open, 0, true)).toBe('CLOSED');
    expect(availabilityNow({ ...open, availableSlots: 0 }, 0, true)).toBe('CLOSED');
    expect(availabilityNow({ ...open, availability: 'UPCOMING' }, 1, true)).toBe('CLOSED');
  });

  it('stays closed, whatever slots come back', () => {
    expect(availabilityNow({ ...open, availability: 'CLOSED' }, 0)).toBe('CLOSED');
    expect(availabilityNow({ ...open, status: 'CANCELLED' }, 0)).toBe('CLOSED');
  });
});
