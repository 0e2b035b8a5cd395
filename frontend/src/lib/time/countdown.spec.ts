import { describe, expect, it } from '@jest/globals';
import { formatCountdown, secondsLeft, spokenMilestone, untilNextSecond } from './countdown';

describe('seconds left', () => {
  it('count down from the moment they were received', () => {
    expect(secondsLeft({ seconds: 120, receivedAt: 1000 }, 1000)).toBe(120);
    expect(secondsLeft({ seconds: 120, receivedAt: 1000 }, 1030.2)).toBe(90);
  });

  it('end at 0 and stay there', () => {
    expect(secondsLeft({ seconds: 5, receivedAt: 0 }, 5)).toBe(0);
    expect(secondsLeft({ seconds: 5, receivedAt: 0 }, 500)).toBe(0);
  });

  it('are null when there is nothing to wait for', () => {
    expect(secondsLeft({ seconds: null, receivedAt: 0 }, 5)).toBeNull();
  });

  it('are one fewer after the time until the next second', () => {
    const remaining = { seconds: 10, receivedAt: 0 };
    for (const at of [0, 0.3, 0.999, 4.5]) {
      const next = at + untilNextSecond(remaining, at) / 1000;
      expect(secondsLeft(remaining, next)).toBe((secondsLeft(remaining, at) ?? 0) - 1);
    }
  });
});

describe('a countdown in writing', () => {
  it.each([
    [0, '0:00'],
    [9, '0:09'],
    [65, '1:05'],
    [3600, '1:00:00'],
    [90_061, '1 d 1 h'],
  ])('of %i seconds is %s', (seconds, written) => {
    expect(formatCountdown(seconds)).toBe(written);
  });
});

describe('a countdown read out', () => {
  it('is silent while it is far', () => {
    expect(spokenMilestone(4000)).toBeNull();
  });

  it('says the last milestone passed, and the same until the next', () => {
    expect(spokenMilestone(60)).toBe('1 minute left');
    expect(spokenMilestone(31)).toBe('1 minute left');
    expect(spokenMilestone(30)).toBe('30 seconds left');
    expect(spokenMilestone(0)).toBe('Time is up');
  });
});
