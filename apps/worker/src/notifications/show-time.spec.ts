import { describe, expect, it } from '@jest/globals';
import { longTimes, shortTimes } from './show-time.js';
import { wordsIn } from './words/words.js';

const times = (timeZone: string, startsAt: string, endsAt: string | null) => ({
  timeZone,
  startsAt: new Date(startsAt),
  endsAt: endsAt === null ? null : new Date(endsAt),
});
const long = (...of: Parameters<typeof times>) => longTimes(times(...of), wordsIn('en'));
const short = (...of: Parameters<typeof times>) => shortTimes(times(...of), wordsIn('en'));

const EVENING = ['Asia/Kolkata', '2031-11-28T14:00:00Z', '2031-11-28T16:30:00Z'] as const;
const FAIR = ['Asia/Kolkata', '2027-02-05T04:30:00Z', '2027-02-07T14:30:00Z'] as const;
const NEW_YEAR = ['America/New_York', '2027-01-01T03:00:00Z', '2027-01-01T11:00:00Z'] as const;
/** Clocks are set back between the start and the end. */
const REPEATED_HOUR = ['Europe/Berlin', '2027-10-31T00:50:00Z', '2027-10-31T01:10:00Z'] as const;

describe('when a show is', () => {
  it('is its start, where it has no end', () => {
    expect(long('Asia/Kolkata', EVENING[1], null)).toBe(
      'Friday, 28 November 2031, 7:30 pm (India Standard Time, Asia/Kolkata)',
    );
    expect(short('Asia/Kolkata', EVENING[1], null)).toBe('28 Nov 2031, 7:30 pm IST');
  });

  it('is a day with two times', () => {
    expect(long(...EVENING)).toBe(
      'Friday, 28 November 2031, 7:30 pm – 10:00 pm (India Standard Time, Asia/Kolkata)',
    );
    expect(short(...EVENING)).toBe('28 Nov 2031, 7:30 pm – 10:00 pm IST');
  });

  it('names the first and the last day', () => {
    expect(long(...FAIR)).toBe(
      'Friday, 5 February 2027, 10:00 am – Sunday, 7 February 2027, 8:00 pm ' +
        '(India Standard Time, Asia/Kolkata)',
    );
    expect(short(...FAIR)).toBe('5 Feb 2027, 10:00 am – 7 Feb 2027, 8:00 pm IST');
    expect(short('Asia/Kolkata', '2027-02-28T18:00:00Z', '2027-02-28T19:00:00Z')).toBe(
      '28 Feb 2027, 11:30 pm – 1 Mar 2027, 12:30 am IST',
    );
  });

  it('goes by the days at its place, over New Year too', () => {
    expect(long(...NEW_YEAR)).toBe(
      'Thursday, 31 December 2026, 10:00 pm – Friday, 1 January 2027, 6:00 am ' +
        '(Eastern Standard Time, America/New_York)',
    );
  });

  it('names the zone of each time where the clocks change in between', () => {
    expect(long(...REPEATED_HOUR)).toBe(
      'Sunday, 31 October 2027, 2:50 am Central European Summer Time – ' +
        '2:10 am Central European Standard Time (Europe/Berlin)',
    );
    expect(short(...REPEATED_HOUR)).toBe('31 Oct 2027, 2:50 am GMT+2 – 2:10 am GMT+1');
  });

  it('is said in Hindi', () => {
    const hindi = (of: readonly [string, string, string]) => longTimes(times(...of), wordsIn('hi'));
    expect(hindi(FAIR)).toBe(
      'शुक्रवार, 5 फ़रवरी 2027, सुबह 10:00 बजे से रविवार, 7 फ़रवरी 2027, रात 8:00 बजे तक ' +
        '(भारतीय मानक समय, Asia/Kolkata)',
    );
    expect(hindi(EVENING)).toBe(
      'शुक्रवार, 28 नवंबर 2031, शाम 7:30 बजे से रात 10:00 बजे तक (भारतीय मानक समय, Asia/Kolkata)',
    );
  });
});
