import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ConnectionLimit } from './connection-limit.js';

describe('a limit of connections', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is for each key, and forgets keys without connections', () => {
    const limit = new ConnectionLimit(2);
    expect([limit.add('a'), limit.add('a'), limit.add('a'), limit.add('b')]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    limit.remove('a');
    expect(limit.add('a')).toBe(true);
    for (const key of ['a', 'a', 'b']) limit.remove(key);
    expect(limit.size).toBe(0);
  });

  it('is reached by twenty penalties, each for a minute', () => {
    const limit = new ConnectionLimit(1_000);
    for (let i = 0; i < 20; i++) {
      expect(limit.add('a')).toBe(true);
      limit.penalise('a');
      limit.remove('a');
    }
    expect(limit.add('a')).toBe(false);
    jest.advanceTimersByTime(59_999);
    expect(limit.add('a')).toBe(false);
    jest.advanceTimersByTime(1);
    expect(limit.size).toBe(0);
    expect(limit.add('a')).toBe(true);
  });
});
