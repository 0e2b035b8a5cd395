import { expect, it } from '@jest/globals';
import { tellWhileKilling } from './support/telling-while-killing.js';

it('three kill -9 of the worker leave nobody of a changed show untold', async () => {
  const report = await tellWhileKilling(300, 3, 60_000);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report).toMatchObject({ told: 300, unsent: 0 });
  expect(report.duplicates).toBeLessThanOrEqual(report.allowedDuplicates);
}, 150_000);
