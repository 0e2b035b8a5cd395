import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LocalFailureCounts } from './failure-counts.js';

describe('the waits after wrong passwords', () => {
  let failures: LocalFailureCounts;
  beforeEach(() => {
    jest.useFakeTimers();
    failures = new LocalFailureCounts();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('begin at 15 s with the tenth and double up to 15 minutes', async () => {
    const waits: number[] = [];
    for (let n = 0; n < 18; n++) {
      await failures.fail('account');
      const wait = await failures.wait('account');
      waits.push(Math.ceil(wait / 1_000));
      jest.advanceTimersByTime(wait);
      expect(await failures.wait('account')).toBe(0);
    }
    expect(waits.slice(0, 9)).toEqual(Array(9).fill(0));
    expect(waits.slice(9)).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('are reset by the right password, and a day after the last wrong one', async () => {
    const fail = async (times: number) => {
      for (let n = 0; n < times; n++) await failures.fail('account');
    };
    await fail(12);
    await failures.succeed('account');
    expect(await failures.wait('account')).toBe(0);
    await fail(9);
    jest.advanceTimersByTime(25 * 3_600_000);
    await fail(1);
    expect(await failures.wait('account')).toBe(0);
  });
});
