import { jest } from '@jest/globals';

/**
 * For suites that measure: what fails is measured again, twice at most, with its baseline. A small
 * machine has seconds that are busy for other reasons. The bars stay.
 */
export function measureAgainOnNoise(): void {
  jest.retryTimes(2, { logErrorsBeforeRetry: true });
}
