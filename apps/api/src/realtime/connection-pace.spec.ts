import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ConnectionPace } from './connection-pace.js';

describe('the rate of new connections', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const queue = (pace: ConnectionPace, count: number, accepted: number[], from = 0) =>
    Array.from({ length: count }, (_, i) => pace.queue(() => accepted.push(from + i)));

  it('accepts one at once, and the others in order at even distances', () => {
    const pace = new ConnectionPace(10);
    const accepted: number[] = [];
    queue(pace, 5, accepted);
    expect(accepted).toEqual([0]);
    jest.advanceTimersByTime(250);
    expect(accepted).toEqual([0, 1, 2]);
    jest.advanceTimersByTime(10_000);
    expect(accepted).toEqual([0, 1, 2, 3, 4]);
  });

  it('refuses whoever would wait for more than 5 s', () => {
    const pace = new ConnectionPace(10);
    const accepted: number[] = [];
    const places = queue(pace, 60, accepted);
    expect(places.filter((place) => place === null)).toHaveLength(9);
    jest.advanceTimersByTime(5_000);
    expect(accepted).toHaveLength(51);
  });

  it('moves those behind forward when somebody leaves, and has room for others', () => {
    const pace = new ConnectionPace(10);
    const accepted: number[] = [];
    const places = queue(pace, 51, accepted);
    expect(pace.queue(() => {})).toBeNull();
    for (const leave of places.slice(1, 50)) leave?.();
    queue(pace, 1, accepted, 100);
    jest.advanceTimersByTime(200);
    expect(accepted).toEqual([0, 50, 100]);
  });

  it('makes up for a busy event loop, but not for all of a long time at once', () => {
    const pace = new ConnectionPace(100);
    const accepted: number[] = [];
    queue(pace, 400, accepted);
    jest.setSystemTime(0);
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + 3_000);
    jest.advanceTimersToNextTimer();
    expect(accepted.length).toBeGreaterThan(20);
    expect(accepted.length).toBeLessThan(30);
  });
});
