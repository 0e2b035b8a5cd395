import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AcceptRateLimit } from './accept-rate-limit.js';

describe('the accept rate limit', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const queue = (limit: AcceptRateLimit, count: number, accepted: number[], from = 0) =>
    Array.from({ length: count }, (_, i) => limit.queue(() => accepted.push(from + i)));

  it('accepts one at once, and the others in order at even intervals', () => {
    const limit = new AcceptRateLimit(10);
    const accepted: number[] = [];
    queue(limit, 5, accepted);
    expect(accepted).toEqual([0]);
    jest.advanceTimersByTime(250);
    expect(accepted).toEqual([0, 1, 2]);
    jest.advanceTimersByTime(10_000);
    expect(accepted).toEqual([0, 1, 2, 3, 4]);
  });

  it('refuses a connection that would wait for more than 5 s', () => {
    const limit = new AcceptRateLimit(10);
    const accepted: number[] = [];
    const leaves = queue(limit, 60, accepted);
    expect(leaves.filter((leave) => leave === null)).toHaveLength(9);
    jest.advanceTimersByTime(5_000);
    expect(accepted).toHaveLength(51);
  });

  it('frees the place of a connection that leaves the queue', () => {
    const limit = new AcceptRateLimit(10);
    const accepted: number[] = [];
    const leaves = queue(limit, 51, accepted);
    expect(limit.queue(() => {})).toBeNull();
    for (const leave of leaves.slice(1, 50)) leave?.();
    queue(limit, 1, accepted, 100);
    jest.advanceTimersByTime(200);
    expect(accepted).toEqual([0, 50, 100]);
  });

  it('catches up after the event loop was blocked, by at most 250 ms of connections', () => {
    const limit = new AcceptRateLimit(100);
    const accepted: number[] = [];
    queue(limit, 400, accepted);
    jest.setSystemTime(0);
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + 3_000);
    jest.advanceTimersToNextTimer();
    expect(accepted.length).toBeGreaterThan(20);
    expect(accepted.length).toBeLessThan(30);
  });
});
