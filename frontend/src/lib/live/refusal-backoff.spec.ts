import { describe, expect, it } from '@jest/globals';
import { backoffAfterRefusals } from './refusal-backoff';

describe('the wait after refused connections', () => {
  it('doubles up to a minute, and is between half and all of that', () => {
    for (const [count, most] of [
      [1, 5_000],
      [2, 10_000],
      [4, 40_000],
      [5, 60_000],
      [500, 60_000],
    ] as const) {
      expect(backoffAfterRefusals(count, 0)).toBe(most / 2);
      expect(backoffAfterRefusals(count, 1)).toBe(most);
    }
  });
});
