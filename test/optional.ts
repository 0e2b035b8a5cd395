import { describe, it } from '@jest/globals';
import { isDistributed } from './citus-cluster.mjs';

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
  if (needed === null && process.env['MODEX_REQUIRE_ALL'] === '1') {
    it(title, () => {
      throw new Error(missing);
    });
  } else {
    describeWhere(title, needed, missing, define);
  }
}

/** The same for what cannot be installed, such as a history that a copy of the code comes without. */
export function describeWhere<Needed>(
  title: string,
  needed: Needed | null,
  missing: string,
  define: (needed: Needed) => void,
): void {
  if (needed !== null) {
    describe(title, () => {
      define(needed);
    });
  } else {
    describe.skip(`${title} (skipped: ${missing})`, () => {
      it('needs it', () => {});
    });
  }
}

/**
 * A test of what is not so where the tests were given a Citus cluster: there it is reported as skipped
 * with the reason.
 */
export function itUndistributed(title: string, reason: string, test: () => Promise<void>): void {
  if (isDistributed()) it.skip(`${title} (not on Citus: ${reason})`, test);
  else it(title, test);
}
