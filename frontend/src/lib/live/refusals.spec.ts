import { describe, expect, it } from '@jest/globals';
import { waitAfterRefusals } from './refusals';

describe('the wait after refused connections', () => {
  it('doubles up to a minute, and is between half and all of that', () => {
    for (const [count, most] of [
      [1, 5_000],
      [2, 10_000],
      [4, 40_000],
      [5, 60_000],
      [500, 60_000],
    ] as const) {
      expect(waitAfterRefusals(count, 0)).toBe(most / 2);
      expect(waitAfterRefusals(count, 1)).toBe(most);
    }
  });
});
