import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RelayHarness } from './support/relay-harness.js';

describe('the redrive command', () => {
  let harness: RelayHarness;
  beforeAll(async () => {
    harness = await RelayHarness.open();
  });
  afterAll(() => harness.close());

  const run = (environment: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, ['apps/worker/dist/commands/redrive.js'], {
      env: { PATH: process.env['PATH'], ...environment },
    });

  it('redrives the dead-lettered events of the outbox and says how many', async () => {
    const { url, query } = harness.domain.database;
    await harness.write(3);
    await query(
      `UPDATE outbox SET dead_lettered_at = now(), set_aside_at = now(), attempts = 12 WHERE version < 3`,
    );
    const { stdout } = await run({ DATABASE_URL: url });
    expect(stdout).toBe('2 dead-lettered events of the outbox are redriven\n');
    expect(
      await harness.count('dead_lettered_at IS NULL AND set_aside_at IS NULL AND attempts = 0'),
    ).toBe(3);
    expect((await run({ DATABASE_URL: url })).stdout).toMatch(/^0 dead-lettered events/);
  });

  it('fails in a sentence where RabbitMQ is away', async () => {
    const { url } = harness.domain.database;
    const failure: unknown = await run({ DATABASE_URL: url, AMQP_URL: 'amqp://127.0.0.1:1' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 1 });
    expect((failure as { stderr: string }).stderr).toMatch(/^RabbitMQ .+\n$/);
  });
});
