import { beforeEach, describe, expect, it } from '@jest/globals';
import { Rush } from './rush.js';

describe('Rush', () => {
  let now: number;
  let rush: Rush;
  beforeEach(() => {
    now = 5_000;
    rush = new Rush(100, () => now);
  });

  /** So many changes a second, ten times a second. */
  const goOn = (seconds: number, perSecond: number) => {
    for (let n = 0; n < seconds * 10; n++) {
      now += 100;
      rush.note(perSecond / 10);
    }
  };

  it('begins when as many bookings have changed within a second', () => {
    rush.note(99);
    expect(rush.isOn).toBe(false);
    rush.note(1);
    expect(rush.isOn).toBe(true);
  });

  it('is none when as many change in a longer time', () => {
    goOn(30, 90);
    expect(rush.isOn).toBe(false);
  });

  it('lasts while it goes on', () => {
    goOn(30, 150);
    expect(rush.isOn).toBe(true);
  });

  it('ends soon after the last second in which so many change', () => {
    goOn(5, 150);
    goOn(2, 50);
    expect(rush.isOn).toBe(false);
  });

  it('ends when nothing changes any more', () => {
    goOn(5, 150);
    now += 2_000;
    expect(rush.isOn).toBe(false);
  });

  it('goes on after a pause', () => {
    goOn(20, 150);
    goOn(5, 50);
    goOn(2, 150);
    expect(rush.isOn).toBe(true);
  });

  it('is over after a minute, however long it lasts', () => {
    goOn(62, 150);
    expect(rush.isOn).toBe(false);
    goOn(100, 150);
    expect(rush.isOn).toBe(false);
  });

  it('is over after a minute, however often it pauses', () => {
    const wasOn = Array.from({ length: 30 }, () => {
      goOn(10, 150);
      const { isOn } = rush;
      goOn(3, 50);
      return isOn;
    });
    expect(wasOn.lastIndexOf(true)).toBe(3);
  });

  it('begins again after a minute of calm', () => {
    goOn(100, 150);
    goOn(61, 50);
    goOn(2, 150);
    expect(rush.isOn).toBe(true);
  });
});
