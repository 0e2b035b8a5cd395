import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isShort, MOST_GIVEN_BACK, reholdAt } from './hold-limits.js';

const HOLD_MS = 120_000;
const AT = new Date('2026-11-26T12:00:00Z');

describe('the wait of an account that gave back what it had held', () => {
  const wait = (lapsed: number, returned: number, holdMs = HOLD_MS) => {
    const at = reholdAt({ lapsed, returned, lastAt: AT }, holdMs);
    return at === null ? 0 : at.getTime() - AT.getTime();
  };
  /** Beyond the longest wait by a few: larger numbers all say the same. */
  const count = fc.nat(6);

  it('is none after nothing, and after one that was given back in time', () => {
    expect(wait(0, 0)).toBe(0);
    expect(wait(0, 1)).toBe(0);
  });

  it('begins with a quarter of a hold, after one that lapsed or a second one given back', () => {
    expect(wait(1, 0)).toBe(HOLD_MS / 4);
    expect(wait(0, 2)).toBe(HOLD_MS / 4);
    expect(wait(1, 1)).toBe(HOLD_MS / 4);
  });

  it('doubles with each one more, up to the length of a hold', () => {
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1_000, max: 86_400_000 }), (l, r, holdMs) => {
        const before = wait(l, r, holdMs);
        const next = before === 0 ? holdMs / 4 : Math.min(holdMs, 2 * before);
        const after = [wait(l + 1, r, holdMs), r === 0 ? before : wait(l, r + 1, holdMs)];
        const expected = [next, r === 0 ? before : next];
        for (const [i, each] of after.entries()) {
          expect(Math.abs(each - expected[i]!)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is the same whether all of them are counted or the newest', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 12 }), (lapses) => {
        const of = (list: readonly boolean[]) => {
          const lapsed = list.filter(Boolean).length;
          return wait(lapsed, list.length - lapsed);
        };
        expect(of(lapses.slice(-MOST_GIVEN_BACK))).toBe(of(lapses));
      }),
    );
  });

  it('is of shows of which under a tenth is free', () => {
    expect([isShort(49, 500), isShort(50, 500), isShort(0, 1), isShort(1, 10)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
