import { expect, it } from '@jest/globals';
import { tellWhileKilling } from './support/telling-while-killing.js';

it('twenty kill -9 of the worker leave nobody of 20,000 untold', async () => {
  const report = await tellWhileKilling(20_000, 20, 900_000);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report).toMatchObject({ told: 20_000, unsent: 0 });
  expect(report.duplicates).toBeLessThanOrEqual(report.allowedDuplicates);
}, 1_800_000);
