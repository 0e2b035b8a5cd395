import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LowWatermark, lagsOf } from '../bench/low-watermark.mjs';

const COUNT = 3;

describe('LowWatermark', () => {
  it('says since when everybody has seen a version or a later one', () => {
    const sightings = fc.array(fc.tuple(fc.nat(COUNT - 1), fc.integer({ min: 1, max: 9 })));
    fc.assert(
      fc.property(sightings, (all) => {
        const watermark = new LowWatermark(COUNT);
        const seen = Array.from({ length: COUNT }, () => 0);
        const expected: { version: number; at: number }[] = [];
        for (const [at, [who, version]] of all.entries()) {
          watermark.see(who, version, at);
          const before = Math.min(...seen);
          seen[who] = Math.max(seen[who]!, version);
          const after = Math.min(...seen);
          if (after > before) expected.push({ version: after, at });
        }
        expect(watermark.progress).toEqual(expected);
      }),
    );
  });
});

describe('the lags of holds', () => {
  const hold = (version: number, decidedAt: number) => ({ version, decidedAt, answeredAt: 0 });

  it('end when the hold or a later one was seen by the last, in whatever order they are told', () => {
    const progress = [
      { version: 3, at: 150 },
      { version: 4, at: 260 },
    ];
    expect(lagsOf([hold(4, 120), hold(2, 100), hold(3, 110)], progress)).toEqual([50, 40, 140]);
  });

  it('never end for what somebody did not see', () => {
    expect(lagsOf([hold(2, 100)], [{ version: 1, at: 150 }])).toEqual([Infinity]);
  });
});
