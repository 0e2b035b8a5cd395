import { describe, expect, it } from '@jest/globals';
import { fromLocalInput, toLocalInput } from './local-input';

describe('a wall clock in a zone', () => {
  it('is the instant it shows there', () => {
    expect(fromLocalInput('2026-11-28T19:30', 'Europe/Berlin')).toBe('2026-11-28T18:30:00.000Z');
    expect(fromLocalInput('2026-07-01T19:30', 'Europe/Berlin')).toBe('2026-07-01T17:30:00.000Z');
    expect(fromLocalInput('2026-07-01T00:15', 'Asia/Kolkata')).toBe('2026-06-30T18:45:00.000Z');
  });

  it('survives the way there and back on both sides of a change of the clocks', () => {
    const zone = 'America/New_York';
    for (const local of ['2026-03-08T01:59', '2026-03-08T03:00', '2026-11-01T02:00']) {
      expect(toLocalInput(fromLocalInput(local, zone), zone)).toBe(local);
    }
  });

  it('does not exist while the clocks go forward', () => {
    expect(fromLocalInput('2026-03-29T02:30', 'Europe/Berlin')).toBeNull();
  });

  it('means the first of two when the clocks go back', () => {
    expect(fromLocalInput('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  });

  it('that is empty is no time', () => {
    expect(toLocalInput(null, 'UTC')).toBe('');
    expect(fromLocalInput('', 'UTC')).toBeNull();
  });
});
