import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/eventually.js';
import { Installation } from '../../../test/installation.js';

/** As a program that computes without end does it, at a signal. */
const BLOCKS_AT_SIGNAL = 'process.on("SIGUSR2", () => { for (;;); })';
const TIMEOUT_SECONDS = 1;

describe('a process whose event loop is watched', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.create({
      EVENT_LOOP_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(BLOCKS_AT_SIGNAL)}`,
    });
  });
  afterAll(() => installation.stop());

  it.each(['API', 'worker'] as const)(
    'kills itself when the loop is blocked, and says why: %s',
    async (kind) => {
      const process =
        kind === 'API' ? (await installation.startApi()).process : await installation.startWorker();
      const since = performance.now();
      process.signal('SIGUSR2');
      await eventually(() => expect(process.killedBy).toBe('SIGKILL'), 10_000);
      expect(performance.now() - since).toBeGreaterThan(TIMEOUT_SECONDS * 1_000 - 100);
      const said = process.log.at(-1)!;
      expect(said).toMatchObject({
        level: 60,
        msg: 'the event loop was blocked for 1 s: killing this process',
      });
    },
  );

  it('lives on after the whole process stood still, as on a machine that slept', async () => {
    const worker = await installation.startWorker();
    worker.freeze();
    await sleep(3 * TIMEOUT_SECONDS * 1_000);
    worker.thaw();
    await sleep(3 * TIMEOUT_SECONDS * 1_000);
    expect(worker.killedBy).toBeNull();
    expect(await worker.stop()).toBe(0);
  });

  it('may be blocked for as long as it likes where that is switched off', async () => {
    const worker = await installation.startWorker({ EVENT_LOOP_TIMEOUT_SECONDS: '0' });
    worker.signal('SIGUSR2');
    await sleep(3 * TIMEOUT_SECONDS * 1_000);
    expect(worker.killedBy).toBeNull();
    await worker.stop('SIGKILL');
  });
});
