import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GroupCommit, type GroupCommitSettings, type Settled } from './group-commit.js';

interface Command {
  key: string;
  urgent: boolean;
  n: number;
}

const settings: GroupCommitSettings = {
  lanes: 2,
  maxBatch: 5,
  maxKeysPerBatch: 3,
  maxQueuePerKey: 1_000,
  maxQueuePerLane: 1_000,
  maxWaitMs: 10_000,
};

const commands = fc.array(
  fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), urgent: fc.boolean() }),
  { maxLength: 60 },
);

/** Group commit over a store that remembers what was run, in batches that take a moment. */
function open(
  overrides: Partial<GroupCommitSettings> = {},
  run = async (batch: readonly Command[]): Promise<Settled<number>[]> => {
    await sleep(1);
    return batch.map(({ n }) => ({ ok: true, value: n }));
  },
) {
  const batches: Command[][] = [];
  const group = new GroupCommit<Command, number>(
    { ...settings, ...overrides },
    {
      run: (batch) => {
        batches.push([...batch]);
        return run(batch);
      },
      refusal: () => new Error('refused'),
    },
  );
  const submit = (command: Command, caller?: AbortSignal) =>
    group.submit(command, { key: command.key, urgent: command.urgent, caller });
  return { group, batches, submit };
}

describe('group commit', () => {
  it('runs every command once, answers each with its own result, and keeps its bounds', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const { batches, submit } = open();
        const results = await Promise.all(list.map((command, n) => submit({ ...command, n })));
        expect(results).toEqual(list.map((_, n) => n));
        const run = batches.flat().map(({ n }) => n);
        expect(run.toSorted((a, b) => a - b)).toEqual(results);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(settings.maxBatch);
          expect(new Set(batch.map(({ key }) => key)).size).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  it('keeps the order of a key within a priority', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const { batches, submit } = open();
        await Promise.all(list.map((command, n) => submit({ ...command, n })));
        for (const key of ['a', 'b', 'c', 'd']) {
          for (const urgent of [true, false]) {
            const order = batches
              .flat()
              .filter((command) => command.key === key && command.urgent === urgent)
              .map(({ n }) => n);
            expect(order).toEqual(order.toSorted((a, b) => a - b));
          }
        }
      }),
    );
  });

  it('runs one batch of a lane at a time', async () => {
    let running = 0;
    const { submit } = open({ lanes: 1 }, async (batch) => {
      running += 1;
      expect(running).toBe(1);
      await sleep(2);
      running -= 1;
      return batch.map(({ n }) => ({ ok: true, value: n }));
    });
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => submit({ key: `${n}`, urgent: false, n })),
    );
  });

  it('starts a lonely command at once, and takes what queued meanwhile together', async () => {
    const { batches, submit } = open({ lanes: 1, maxBatch: 100 });
    const first = submit({ key: 'a', urgent: false, n: 0 });
    await Promise.resolve();
    await Promise.resolve();
    expect(batches).toHaveLength(1);
    await Promise.all([first, ...[1, 2, 3].map((n) => submit({ key: 'a', urgent: false, n }))]);
    expect(batches.map((batch) => batch.length)).toEqual([1, 3]);
  });

  it('does the urgent first, and lets floods on as many keys as fit into a batch not keep a neighbour waiting', async () => {
    const { batches, submit } = open({ lanes: 1, maxKeysPerBatch: 3 });
    const flooded = ['a', 'b', 'c'];
    const flood = Array.from({ length: 60 }, (_, n) =>
      submit({ key: flooded[n % flooded.length]!, urgent: false, n }),
    );
    const others = [
      submit({ key: 'd', urgent: false, n: 60 }),
      submit({ key: 'a', urgent: true, n: 61 }),
    ];
    await Promise.all([...flood, ...others]);
    const [first = [], second = []] = batches;
    expect(first[0]).toMatchObject({ n: 61 });
    expect(new Set(first.map(({ key }) => key))).toEqual(new Set(flooded));
    expect(second.map(({ n }) => n)).toContain(60);
  });

  it('refuses what does not fit into the queue of its key or its lane, before any work', async () => {
    const { batches, submit } = open({ lanes: 1, maxQueuePerKey: 2, maxQueuePerLane: 3 });
    const keys = ['a', 'a', 'a', 'b', 'c'];
    const results = await Promise.allSettled(
      keys.map((key, n) => submit({ key, urgent: false, n })),
    );
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
    ]);
    expect(batches.flat()).toHaveLength(3);
  });

  it('counts the urgent apart, so that a flood of others leaves room for them', async () => {
    const { batches, submit } = open({ lanes: 1, maxQueuePerKey: 2, maxQueuePerLane: 2 });
    const urgencies = [false, false, false, true, true, true];
    const results = await Promise.allSettled(
      urgencies.map((urgent, n) => submit({ key: 'a', urgent, n })),
    );
    const accepted = results.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
    expect(accepted).toEqual([0, 1, 3, 4]);
    expect(batches.flat().map(({ n }) => n)).toEqual([3, 4, 0, 1]);
  });

  it('answers who waits behind a batch that hangs, and never runs them', async () => {
    let release = () => {};
    const hang = new Promise<void>((resolve) => (release = resolve));
    const { batches, submit } = open({ lanes: 1, maxBatch: 1, maxWaitMs: 40 }, async (batch) => {
      await hang;
      return batch.map(({ n }) => ({ ok: true, value: n }));
    });
    const first = submit({ key: 'a', urgent: false, n: 0 });
    const started = performance.now();
    await expect(submit({ key: 'b', urgent: false, n: 1 })).rejects.toThrow('refused');
    expect(performance.now() - started).toBeLessThan(500);
    release();
    expect(await first).toBe(0);
    expect(batches.flat().map(({ n }) => n)).toEqual([0]);
  });

  it('drops what nobody waits for any more', async () => {
    const { batches, submit } = open({ lanes: 1, maxBatch: 1 });
    const gone = new AbortController();
    const first = submit({ key: 'a', urgent: false, n: 0 });
    const dropped = submit({ key: 'a', urgent: false, n: 1 }, gone.signal);
    gone.abort();
    await expect(dropped).rejects.toThrow('refused');
    await first;
    expect(batches.flat().map(({ n }) => n)).toEqual([0]);
  });

  it('gives each its own error, all the error of their batch, and goes on', async () => {
    const { submit, group } = open({ lanes: 1, maxBatch: 2 }, (batch) => {
      if (batch.some(({ n }) => n >= 2 && n < 4)) return Promise.reject(new Error('the batch'));
      return Promise.resolve(
        batch.map(({ n }) =>
          n === 1 ? { ok: false, error: new Error('its own') } : { ok: true, value: n },
        ),
      );
    });
    const results = await Promise.allSettled(
      [0, 1, 2, 3, 4].map((n) => submit({ key: 'a', urgent: false, n })),
    );
    const said = results.map((result) =>
      result.status === 'fulfilled' ? result.value : (result.reason as Error).message,
    );
    expect(said).toEqual([0, 'its own', 'the batch', 'the batch', 4]);
    await group.drain();
  });
});
