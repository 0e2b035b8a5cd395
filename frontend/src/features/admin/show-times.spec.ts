import { describe, expect, it } from '@jest/globals';
import type { Show } from '../../lib/api/types';
import { checkShow } from './check-show';
import { emptyShow, toCreateShow, toUpdateShow, valuesOfShow } from './show-form-values';
import { withTime, type TimeName } from './show-times';

const NONE = {
  endsAt: null,
  bookingOpensAt: null,
  bookingClosesAt: null,
  cancelUntil: null,
};
const opened = (show: Partial<Show>) =>
  valuesOfShow({
    title: 'A show',
    description: '',
    kind: 'EVENT',
    venue: null,
    origin: null,
    destination: null,
    practitioner: null,
    region: null,
    totalSlots: 10,
    maxSlotsPerUser: null,
    holdSeconds: null,
    timeZone: 'Europe/Berlin',
    startsAt: '2031-10-24T18:00:00.000Z',
    ...NONE,
    ...show,
  } as Show);
type Values = ReturnType<typeof opened>;

const set = (values: Values, name: TimeName, local: string, before = values, later = false) =>
  withTime(values, before, name, { local, later });

const REPEATED_HOUR = {
  timeZone: 'Europe/Berlin',
  startsAt: '2027-10-31T00:50:00.000Z',
  endsAt: '2027-10-31T01:10:00.000Z',
};

describe('a show over a repeated hour', () => {
  const values = opened(REPEATED_HOUR);

  it('is shown with the wall clocks of both, and is valid', () => {
    expect(values).toMatchObject({
      startsAt: '2027-10-31T02:50',
      endsAt: '2027-10-31T02:10',
      later: ['endsAt'],
    });
    expect(checkShow(values, values)).toEqual({});
  });

  it('sends nothing but the title when that is edited', () => {
    const edited = { ...values, title: 'New' };
    expect(checkShow(edited, values)).toEqual({});
    expect(toUpdateShow(values, edited)).toEqual({ title: 'New' });
  });

  it('is created by choosing the second of two', () => {
    const empty = { ...emptyShow('Europe/Berlin'), title: 'Night' };
    const first = set(set(empty, 'startsAt', '2027-10-31T02:50'), 'endsAt', '2027-10-31T02:10');
    expect(checkShow(first, empty)).toEqual({ endsAt: 'Must be after the start' });
    const second = set(first, 'endsAt', '2027-10-31T02:10', empty, true);
    expect(checkShow(second, empty)).toEqual({});
    expect(toCreateShow(second)).toMatchObject({
      startsAt: REPEATED_HOUR.startsAt,
      endsAt: REPEATED_HOUR.endsAt,
    });
  });

  it('sends the other of two when that is chosen', () => {
    const short = opened({ ...REPEATED_HOUR, startsAt: '2027-10-30T22:00:00.000Z' });
    const edited = set(short, 'endsAt', '2027-10-31T02:10', short, false);
    expect(toUpdateShow(short, edited)).toEqual({ endsAt: '2027-10-31T00:10:00.000Z' });
  });
});

describe('times that were left alone', () => {
  it('stay to the millisecond, in whatever zone', () => {
    for (const timeZone of ['Asia/Calcutta', 'Australia/Lord_Howe', 'Mars/Olympus']) {
      const values = opened({
        timeZone,
        startsAt: '2026-04-04T15:00:30.500Z',
        endsAt: '2026-04-04T15:00:31.000Z',
        cancelUntil: '2026-04-04T15:00:30.500Z',
      });
      expect(checkShow(values, values)).toEqual({});
      expect(toUpdateShow(values, { ...values, venue: 'Hall' })).toEqual({ venue: 'Hall' });
    }
  });

  it('stay when they are set to something else and back', () => {
    const values = opened({ endsAt: '2031-10-24T20:00:30.500Z' });
    const away = set(values, 'endsAt', '2031-10-24T23:00');
    expect(toUpdateShow(values, set(away, 'endsAt', values.endsAt, values))).toEqual({});
  });

  it('are not held against an older show, unless an edit breaks more', () => {
    const old = opened({
      endsAt: '2032-10-24T20:00:00.000Z',
      cancelUntil: '2031-10-25T18:00:00.000Z',
    });
    expect(checkShow({ ...old, title: 'New' }, old)).toEqual({});
    expect(checkShow(set(old, 'bookingOpensAt', '2031-10-01T10:00'), old)).toEqual({});
    expect(checkShow(set(old, 'bookingClosesAt', '2033-10-01T10:00'), old)).toEqual({
      bookingClosesAt: 'Must not be after the end',
    });
    expect(checkShow(set(old, 'cancelUntil', '2031-10-26T10:00'), old)).toEqual({
      cancelUntil: 'Must not be after the start',
    });
  });

  it('cannot be set in a zone that the browser does not know', () => {
    const values = opened({ timeZone: 'Mars/Olympus' });
    const edited = set(values, 'startsAt', '2031-10-24T19:00');
    expect(checkShow(edited, values)).toMatchObject({ timeZone: expect.any(String) });
  });
});

describe('times that follow the start', () => {
  const values = opened({
    endsAt: '2031-10-24T20:00:00.000Z',
    bookingOpensAt: '2031-10-01T08:00:00.000Z',
    bookingClosesAt: '2031-10-24T17:00:00.000Z',
    cancelUntil: '2031-10-23T18:00:00.000Z',
  });
  // A week later the clocks have been set back.
  const moved = set(values, 'startsAt', '2031-10-31T20:00');

  it('move in the form as they will on the server, which is sent the start only', () => {
    expect(moved).toMatchObject({
      startsAt: '2031-10-31T20:00',
      endsAt: '2031-10-31T22:00',
      bookingOpensAt: values.bookingOpensAt,
      bookingClosesAt: '2031-10-31T19:00',
      cancelUntil: '2031-10-30T20:00',
    });
    expect(toUpdateShow(values, moved)).toEqual({ startsAt: '2031-10-31T19:00:00.000Z' });
  });

  it('are sent when they were set by hand, to what they were before too', () => {
    const back = set(moved, 'cancelUntil', values.cancelUntil, values);
    expect(toUpdateShow(values, back)).toEqual({
      startsAt: '2031-10-31T19:00:00.000Z',
      cancelUntil: '2031-10-23T18:00:00.000Z',
    });
    // From then on they stay.
    const again = set(back, 'startsAt', '2031-11-01T20:00', values);
    expect(again).toMatchObject({ endsAt: '2031-11-01T22:00', cancelUntil: values.cancelUntil });
  });

  it('come back with it, however it was typed', () => {
    const typing = ['', '0203-10-24T20:00', '2031-10-24T20:00'];
    const back = typing.reduce((so, local) => set(so, 'startsAt', local, values), moved);
    expect(back).toMatchObject({ endsAt: values.endsAt, cancelUntil: values.cancelUntil });
    expect(toUpdateShow(values, back)).toEqual({});
  });
});

describe('the rules between times', () => {
  it.each([
    [
      'over New Year',
      {
        startsAt: '2027-01-01T03:00:00.000Z',
        endsAt: '2027-01-01T11:00:00.000Z',
        timeZone: 'America/New_York',
      },
      {},
    ],
    [
      'a fair that sells while it runs',
      {
        timeZone: 'Asia/Kolkata',
        startsAt: '2027-02-05T04:30:00.000Z',
        endsAt: '2027-02-07T14:30:00.000Z',
        bookingClosesAt: '2027-02-07T12:30:00.000Z',
      },
      {},
    ],
    ['31 days', { endsAt: '2031-11-24T18:00:00.000Z' }, {}],
    [
      'longer',
      { endsAt: '2031-11-24T18:01:00.000Z' },
      { endsAt: 'Must be at most 31 days after the start' },
    ],
    [
      'a sale after the start',
      { bookingClosesAt: '2031-10-24T18:01:00.000Z' },
      { bookingClosesAt: 'Must not be after the start' },
    ],
    [
      'a sale after the end',
      { endsAt: '2031-10-24T19:00:00.000Z', bookingClosesAt: '2031-10-24T19:01:00.000Z' },
      { bookingClosesAt: 'Must not be after the end' },
    ],
    [
      'a late cancellation',
      { cancelUntil: '2031-10-24T18:01:00.000Z' },
      { cancelUntil: 'Must not be after the start' },
    ],
    [
      'an opening at the close',
      { bookingOpensAt: '2031-10-24T18:00:00.000Z' },
      { bookingOpensAt: 'Must be before booking closes' },
    ],
  ])('say of %s', (_, show, errors) => {
    const values = { ...opened(show), read: {} };
    expect(checkShow(values, emptyShow(values.timeZone))).toEqual(errors);
  });

  it('name a time that does not exist', () => {
    const empty = { ...emptyShow('Europe/Berlin'), title: 'Night' };
    expect(checkShow(set(empty, 'startsAt', '2026-03-29T02:30'), empty)).toMatchObject({
      startsAt: expect.stringContaining('does not exist'),
    });
  });
});
