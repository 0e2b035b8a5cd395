import { describe, expect, it } from '@jest/globals';
import { isTimeZone } from 'class-validator';
import { currentZoneName, timeZones } from './time-zones';

describe('the time zones to choose from', () => {
  it('have current names, whatever this machine calls them', () => {
    expect(timeZones).toEqual(
      expect.arrayContaining([
        'UTC',
        'Asia/Kolkata',
        'Asia/Kathmandu',
        'Asia/Yangon',
        'Asia/Ho_Chi_Minh',
        'Europe/Kyiv',
        'America/Nuuk',
        'America/Ciudad_Juarez',
        'America/Coyhaique',
        'Pacific/Kanton',
      ]),
    );
    expect(new Set(timeZones).size).toBe(timeZones.length);
    for (const old of ['Asia/Calcutta', 'Europe/Kiev', 'Asia/Saigon']) {
      expect(timeZones).not.toContain(old);
    }
  });

  it('are all taken by the API', () => {
    expect(timeZones.filter((name) => !isTimeZone(name))).toEqual([]);
  });

  it('leave out nothing that this machine knows', () => {
    const names = new Set(timeZones);
    const unknown = Intl.supportedValuesOf('timeZone').filter(
      (name) => !names.has(currentZoneName(name)),
    );
    expect(unknown).toEqual([]);
  });

  it('are found by what a browser calls its own', () => {
    expect(currentZoneName('Asia/Calcutta')).toBe('Asia/Kolkata');
    expect(currentZoneName('Europe/Kiev')).toBe('Europe/Kyiv');
    expect(currentZoneName('Europe/Berlin')).toBe('Europe/Berlin');
    expect(currentZoneName('Mars/Olympus')).toBe('Mars/Olympus');
  });
});
