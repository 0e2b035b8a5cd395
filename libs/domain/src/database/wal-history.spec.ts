import { describe, expect, it } from '@jest/globals';
import { WalHistory } from './wal-history.js';

describe('WalHistory', () => {
  const history = () => {
    const samples = new WalHistory(10_000);
    samples.add(100n, 1_000);
    samples.add(100n, 2_000);
    samples.add(250n, 3_000);
    samples.add(400n, 4_000);
    return samples;
  };

  it('knows no lag for who has the newest', () => {
    expect(history().lagMs(400n, 4_000)).toBe(0);
    expect(history().lagMs(500n, 4_000)).toBe(0);
  });

  it('counts from the last moment at which that was the newest', () => {
    expect(history().lagMs(399n, 4_000)).toBe(1_000);
    expect(history().lagMs(100n, 4_000)).toBe(2_000);
  });

  it('lets the lag grow while nothing is heard of the primary', () => {
    expect(history().lagMs(400n, 9_000)).toBe(5_000);
  });

  it('does not guess what was before it began', () => {
    expect(history().lagMs(99n, 4_000)).toBe(Infinity);
    expect(new WalHistory(10_000).lagMs(99n, 4_000)).toBe(Infinity);
  });

  it('forgets what is older than it keeps', () => {
    const samples = history();
    samples.add(500n, 13_000);
    expect(samples.lagMs(250n, 13_000)).toBe(10_000);
    expect(samples.lagMs(100n, 13_000)).toBe(Infinity);
  });
});
