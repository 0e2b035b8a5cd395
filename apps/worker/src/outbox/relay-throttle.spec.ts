import { beforeEach, describe, expect, it } from '@jest/globals';
import { RelayThrottle } from './relay-throttle.js';

describe('RelayThrottle', () => {
  let now: number;
  let throttle: RelayThrottle;
  beforeEach(() => {
    now = 5_000;
    throttle = new RelayThrottle(100, () => now);
  });

  /** So many changes a second, ten times a second. */
  const change = (seconds: number, perSecond: number) => {
    for (let n = 0; n < seconds * 10; n++) {
      now += 100;
      throttle.note(perSecond / 10);
    }
  };

  it('is on once as many bookings have changed within a second', () => {
    throttle.note(99);
    expect(throttle.isOn).toBe(false);
    throttle.note(1);
    expect(throttle.isOn).toBe(true);
  });

  it('stays off when as many change in a longer time', () => {
    change(30, 90);
    expect(throttle.isOn).toBe(false);
  });

  it('stays on while the load lasts', () => {
    change(30, 150);
    expect(throttle.isOn).toBe(true);
  });

  it('ends soon after the last second in which so many change', () => {
    change(5, 150);
    change(2, 50);
    expect(throttle.isOn).toBe(false);
  });

  it('ends when nothing changes any more', () => {
    change(5, 150);
    now += 2_000;
    expect(throttle.isOn).toBe(false);
  });

  it('is on again after a pause', () => {
    change(20, 150);
    change(5, 50);
    change(2, 150);
    expect(throttle.isOn).toBe(true);
  });

  it('is off after a minute, however long the load lasts', () => {
    change(62, 150);
    expect(throttle.isOn).toBe(false);
    change(100, 150);
    expect(throttle.isOn).toBe(false);
  });

  it('is off after a minute, however often the load pauses', () => {
    const wasOn = Array.from({ length: 30 }, () => {
      change(10, 150);
      const { isOn } = throttle;
      change(3, 50);
      return isOn;
    });
    expect(wasOn.lastIndexOf(true)).toBe(3);
  });

  it('is on again after a minute of calm', () => {
    change(100, 150);
    change(61, 50);
    change(2, 150);
    expect(throttle.isOn).toBe(true);
  });
});
