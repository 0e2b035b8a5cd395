import { describe, expect, it } from '@jest/globals';
import { emptyShow, toCreateShow, toUpdateShow } from './show-form-values';

const concert = {
  ...emptyShow('Europe/Berlin'),
  title: ' Concert ',
  startsAt: '2026-11-28T19:30',
};

describe('a new show', () => {
  it('leaves out what was left empty', () => {
    expect(toCreateShow(concert)).toEqual({
      title: 'Concert',
      description: '',
      kind: 'EVENT',
      timeZone: 'Europe/Berlin',
      startsAt: '2026-11-28T18:30:00.000Z',
      totalSlots: 100,
    });
  });
});

describe('an edit', () => {
  it('is only what was touched', () => {
    expect(toUpdateShow(concert, { ...concert, totalSlots: 120 })).toEqual({ totalSlots: 120 });
    expect(toUpdateShow(concert, concert)).toEqual({});
  });

  it('that empties a field says so', () => {
    const limited = { ...concert, maxSlotsPerUser: 4 };
    expect(toUpdateShow(limited, concert)).toEqual({ maxSlotsPerUser: null });
  });

  it('of the zone moves every time with the wall clock', () => {
    expect(toUpdateShow(concert, { ...concert, timeZone: 'Europe/London' })).toEqual({
      timeZone: 'Europe/London',
      startsAt: '2026-11-28T19:30:00.000Z',
    });
  });
});
