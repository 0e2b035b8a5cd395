import { describe, expect, it } from '@jest/globals';
import { formatPeriod } from './zone-time';

describe('from when to when', () => {
  it.each([
    ['Europe/Berlin', '2026-11-28T18:30:00Z', null, 'Sat, 28 Nov 2026, 19:30 CET'],
    [
      'Europe/Berlin',
      '2026-11-28T18:30:00Z',
      '2026-11-28T21:00:00Z',
      'Sat, 28 Nov 2026, 19:30 – 22:00 CET',
    ],
    [
      'Asia/Kolkata',
      '2027-02-05T04:30:00Z',
      '2027-02-07T14:30:00Z',
      'Fri, 5 Feb 2027, 10:00 – Sun, 7 Feb 2027, 20:00 GMT+5:30',
    ],
    [
      'America/New_York',
      '2027-01-01T03:00:00Z',
      '2027-01-01T11:00:00Z',
      'Thu, 31 Dec 2026, 22:00 – Fri, 1 Jan 2027, 06:00 GMT-5',
    ],
    [
      'Europe/Berlin',
      '2027-10-31T00:50:00Z',
      '2027-10-31T01:10:00Z',
      'Sun, 31 Oct 2027, 02:50 CEST – 02:10 CET',
    ],
  ])('in %s is %s to %s: %s', (timeZone, startsAt, endsAt, text) => {
    expect(formatPeriod(startsAt, endsAt, timeZone)).toBe(text);
  });
});
