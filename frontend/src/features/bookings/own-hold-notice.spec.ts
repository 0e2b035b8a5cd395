import { describe, expect, it } from '@jest/globals';
import { ProblemError } from '../../lib/api/problem';
import type { Booking } from '../../lib/api/types';
import { ownHoldNotice } from './own-hold-notice';

const show = { id: 'here', availableSlots: 0, heldSlots: 5, maxSlotsPerUser: null };
const hold = (quantity: number, showId = 'here') => ({ id: 'b', showId, quantity }) as Booking;
const refused = (code: string) =>
  new ProblemError({ code, title: 'Refused', status: 409 } as ConstructorParameters<
    typeof ProblemError
  >[0]);

describe('one’s own holds', () => {
  it.each([
    [[hold(5)], 'All 5 held slots are your own.'],
    [[hold(2), hold(1)], 'You hold 3 of the 5 held slots yourself.'],
  ])('are named where no slot is free: %j', (holds, text) => {
    expect(ownHoldNotice(show, holds, null)).toMatchObject({ holds });
    expect(ownHoldNotice(show, holds, null)?.text).toContain(text);
  });

  it('are named where they reach the limit, before and after it was met', () => {
    const limited = { ...show, availableSlots: 5, maxSlotsPerUser: 2 };
    for (const error of [null, refused('LIMIT_PER_USER')]) {
      expect(ownHoldNotice(limited, [hold(2)], error)?.text).toContain('as many as one person may');
    }
    expect(ownHoldNotice(limited, [hold(1)], null)?.text).toContain('You hold 1 slot here.');
  });

  it('of other shows count only where all holds are limited', () => {
    const elsewhere = hold(20, 'there');
    expect(ownHoldNotice(show, [elsewhere], refused('SOLD_OUT'))).toBeNull();
    const notice = ownHoldNotice(show, [elsewhere, hold(1)], refused('TOO_MANY_HELD'));
    expect(notice).toMatchObject({ holds: [elsewhere, { quantity: 1 }] });
    expect(notice?.text).toContain('You hold 21 slots.');
  });

  it('are not the reason where only confirmed bookings are', () => {
    expect(ownHoldNotice(show, [], null)).toBeNull();
    expect(ownHoldNotice(show, [], refused('LIMIT_PER_USER'))).toMatchObject({ holds: [] });
  });
});
