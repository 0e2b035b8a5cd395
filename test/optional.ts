import { describe, it } from '@jest/globals';

/**
 * A suite that needs something which not every machine has. Without it the suite is reported as
 * skipped with the reason, and fails instead when `MODEX_REQUIRE_ALL=1`.
 */
export function describeWith<Needed>(
  title: string,
  needed: Needed | null,
  missing: string,
  define: (needed: Needed) => void,
): void {
  if (needed !== null) {
    describe(title, () => {
      define(needed);
    });
  } else if (process.env['MODEX_REQUIRE_ALL'] === '1') {
    it(title, () => {
      throw new Error(missing);
    });
  } else {
    describe.skip(`${title} (skipped: ${missing})`, () => {
      it('needs it', () => {});
    });
  }
}
