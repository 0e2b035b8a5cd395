import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '@modex/domain';
import { Registry } from 'prom-client';
import { SignInThrottle } from './sign-in-throttle.js';

describe('the waits after wrong passwords', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('begin at 15 s with the tenth and double up to 15 minutes', () => {
    const attempt = new SignInThrottle(new Registry()).attempt('account');
    const waitOf = (): number => {
      try {
        attempt.begin();
        return 0;
      } catch (error) {
        return Number((error as DomainError).details['retryAfter']);
      }
    };
    const waits = Array.from({ length: 18 }, () => {
      attempt.end(false);
      const wait = waitOf();
      jest.advanceTimersByTime(wait * 1_000);
      expect(waitOf()).toBe(0);
      return wait;
    });
    expect(waits.slice(0, 9)).toEqual(Array(9).fill(0));
    expect(waits.slice(9)).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('are forgotten with the right password, and a day after the last wrong one', () => {
    const attempt = new SignInThrottle(new Registry()).attempt('account');
    const fail = (times: number) => {
      for (let n = 0; n < times; n++) attempt.end(false);
    };
    fail(12);
    attempt.end(true);
    expect(() => attempt.begin()).not.toThrow();
    fail(9);
    jest.advanceTimersByTime(25 * 3_600_000);
    fail(1);
    expect(() => attempt.begin()).not.toThrow();
  });
});
