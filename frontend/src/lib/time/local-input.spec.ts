import { describe, expect, it } from '@jest/globals';
import { instantsOf, isSkipped, knowsZone, offsetName, toLocalInput } from './local-input';

describe('a wall clock in a zone', () => {
  it.each([
    ['2026-11-28T19:30', 'Europe/Berlin', ['2026-11-28T18:30:00.000Z']],
    ['2026-07-01T19:30', 'Europe/Berlin', ['2026-07-01T17:30:00.000Z']],
    ['2026-07-01T00:15', 'Asia/Kolkata', ['2026-06-30T18:45:00.000Z']],
    ['2026-07-01T00:15', 'UTC', ['2026-07-01T00:15:00.000Z']],
    ['2011-12-31T00:30', 'Pacific/Apia', ['2011-12-30T10:30:00.000Z']],
  ])('%s in %s is the instant it shows there', (local, zone, instants) => {
    expect(instantsOf(local, zone)).toEqual(instants);
  });

  it.each([
    ['2026-03-29T02:30', 'Europe/Berlin'],
    ['2026-10-04T02:15', 'Australia/Lord_Howe'],
    ['2011-12-30T12:00', 'Pacific/Apia'],
  ])('%s in %s does not exist: the clocks go forward', (local, zone) => {
    expect(instantsOf(local, zone)).toEqual([]);
  });

  it.each([
    [
      '2026-10-25T02:30',
      'Europe/Berlin',
      ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'],
      ['UTC+02:00', 'UTC+01:00'],
    ],
    [
      '2026-04-05T01:45',
      'Australia/Lord_Howe',
      ['2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z'],
      ['UTC+11:00', 'UTC+10:30'],
    ],
    [
      '2026-11-01T01:00',
      'America/New_York',
      ['2026-11-01T05:00:00.000Z', '2026-11-01T06:00:00.000Z'],
      ['UTC-04:00', 'UTC-05:00'],
    ],
    // No summer time: the zone moved for good.
    [
      '2014-10-26T01:30',
      'Europe/Moscow',
      ['2014-10-25T21:30:00.000Z', '2014-10-25T22:30:00.000Z'],
      ['UTC+04:00', 'UTC+03:00'],
    ],
  ])('%s in %s comes twice: the clocks go back', (local, zone, instants, offsets) => {
    expect(instantsOf(local, zone)).toEqual(instants);
    expect(instants.map((iso) => offsetName(iso, zone))).toEqual(offsets);
    expect(instants.map((iso) => toLocalInput(iso, zone))).toEqual([local, local]);
  });

  it.each(['America/New_York', 'Africa/Casablanca', 'Australia/Lord_Howe'])(
    'survives the way there and back around every change of the clocks in %s',
    (zone) => {
      const day = (count: number) => Date.parse('2026-01-01T00:10:00Z') + count * 86_400_000;
      const at = (time: number) => new Date(time).toISOString();
      const changes = Array.from({ length: 365 }, (_, count) => day(count)).filter(
        (time) => offsetName(at(time), zone) !== offsetName(at(time + 86_400_000), zone),
      );
      expect(changes).toHaveLength(2);
      for (const change of changes) {
        for (let hour = -24; hour < 48; hour++) {
          const iso = at(change + hour * 3_600_000);
          expect(instantsOf(toLocalInput(iso, zone), zone)).toContain(iso);
        }
      }
    },
  );

  it('that is empty or half typed is no time', () => {
    expect(toLocalInput(null, 'UTC')).toBe('');
    for (const local of ['', '2026-11', 'x', '0203-01-01T10:00', '2026-13-01T10:00']) {
      expect(instantsOf(local, 'UTC')).toEqual([]);
    }
    expect(isSkipped('0203-01-01T10:00', 'UTC')).toBe(false);
    expect(isSkipped('2026-03-29T02:30', 'Europe/Berlin')).toBe(true);
  });

  it('is shown in UTC where the zone is not known', () => {
    expect(knowsZone('Mars/Olympus')).toBe(false);
    expect(toLocalInput('2026-11-28T18:30:00.000Z', 'Mars/Olympus')).toBe('2026-11-28T18:30');
  });
});
