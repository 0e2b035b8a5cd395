import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LaneQueue, MAX_PASSED_OVER, type Waiting } from './lane-queue.js';

interface Item extends Waiting {
  n: number;
}

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f'];
const key = fc.constantFrom(...KEYS);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ key, urgent: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant('take' as const) },
);
const bounds = { most: fc.integer({ min: 1, max: 6 }), mostKeys: fc.integer({ min: 1, max: 3 }) };
const steps = fc.array(step, { maxLength: 80, size: 'max' });

const keysOf = (items: readonly Item[]) => new Set(items.map((item) => item.key));

/** Whether what is not urgent had only room that no urgent item could have had. */
function isUrgentFirst(batch: readonly Item[], left: readonly Item[], mostKeys: number): boolean {
  const urgentLeft = left.filter(({ urgent }) => urgent);
  if (urgentLeft.length === 0) return true;
  const urgentKeys = keysOf(batch.filter(({ urgent }) => urgent));
  const usual = batch.filter(({ urgent }) => !urgent);
  if (usual.length === 0) return true;
  return (
    urgentKeys.size === mostKeys &&
    usual.every(({ key }) => urgentKeys.has(key)) &&
    urgentLeft.every(({ key }) => !urgentKeys.has(key))
  );
}

describe('the queue of a lane', () => {
  /** Does the steps, then empties the queue; `onTake` hears of each batch and what it left. */
  function run(
    list: readonly ('take' | Waiting)[],
    { most, mostKeys }: { most: number; mostKeys: number },
    onTake: (batch: Item[], left: Item[]) => void,
  ): Item[] {
    const queue = new LaneQueue<Item>();
    const waiting = new Set<Item>();
    const all: Item[] = [];
    const take = () => {
      const batch = queue.take(most, mostKeys);
      for (const item of batch) expect(waiting.delete(item)).toBe(true);
      expect(queue.size).toBe(waiting.size);
      onTake(batch, [...waiting]);
    };
    for (const each of list) {
      if (each === 'take') take();
      else {
        const item = { ...each, n: all.length };
        all.push(item);
        waiting.add(item);
        queue.push(item);
      }
    }
    while (queue.size > 0) take();
    expect(waiting.size).toBe(0);
    return all;
  }

  it('keeps no urgent item behind items of other keys that are not', () => {
    fc.assert(
      fc.property(steps, fc.record(bounds), (list, limits) => {
        /** How many urgent batches in a row came before each that was not. */
        const rows: number[] = [];
        let inARow = 0;
        run(list, limits, (batch, left) => {
          inARow += 1;
          if (isUrgentFirst(batch, left, limits.mostKeys)) return;
          rows.push(inARow - 1);
          inARow = 0;
        });
        // Only those who were passed over so often had their turn.
        expect(rows.filter((row) => row < MAX_PASSED_OVER)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps its bounds and the order within a key and a priority, urgent ones first', () => {
    fc.assert(
      fc.property(steps, fc.record(bounds), (list, limits) => {
        const order: Item[] = [];
        const all = run(list, limits, (batch) => {
          expect(batch.length).toBeLessThanOrEqual(limits.most);
          expect(keysOf(batch).size).toBeLessThanOrEqual(limits.mostKeys);
          const urgencies = batch.map(({ urgent }) => (urgent ? 0 : 1));
          expect(urgencies).toEqual(urgencies.toSorted((a, b) => a - b));
          order.push(...batch);
        });
        for (const of of KEYS) {
          for (const urgent of [true, false]) {
            const isOne = (item: Item) => item.key === of && item.urgent === urgent;
            expect(order.filter(isOne)).toEqual(all.filter(isOne));
          }
        }
      }),
    );
  });

  it('takes a confirmation with the next batch, however many other keys wait', () => {
    const queue = new LaneQueue<Item>();
    for (let n = 0; n < 50; n++) queue.push({ key: `show ${n}`, urgent: false, n });
    queue.push({ key: 'show 50', urgent: true, n: 50 });
    expect(queue.take(300, 1).map(({ n }) => n)).toEqual([50]);
    expect(queue.take(300, 1).map(({ n }) => n)).toEqual([0]);
  });

  it.each([
    { most: 300, mostKeys: 1 },
    { most: 2, mostKeys: 100 },
  ])('gives usual items their turn while urgent ones never end: %o', ({ most, mostKeys }) => {
    const queue = new LaneQueue<Item>();
    const usual = ['x', 'y', 'z'];
    for (const [n, of] of usual.entries()) queue.push({ key: of, urgent: false, n });
    const served = new Set<string>();
    for (let n = 0; n < usual.length * (MAX_PASSED_OVER + 1); n++) {
      for (const letter of ['a', 'b', 'c']) queue.push({ key: letter, urgent: true, n });
      for (const item of queue.take(most, mostKeys)) if (!item.urgent) served.add(item.key);
    }
    expect([...served]).toEqual(usual);
  });

  it.each([0, 290])('gives each of many keys its turn beside %i urgent items', (urgent) => {
    const queue = new LaneQueue<Item>();
    const usual = Array.from({ length: 50 }, (_, n) => `show ${n}`);
    for (let n = 0; n < 40; n++) for (const of of usual) queue.push({ key: of, urgent: false, n });
    const served = new Set<string>();
    for (let batch = 0; batch < 10; batch++) {
      for (let n = 0; n < urgent; n++) queue.push({ key: 'confirms', urgent: true, n });
      for (const item of queue.take(urgent + 10, 100)) if (!item.urgent) served.add(item.key);
    }
    expect(served.size).toBe(50);
  });

  it('takes keys in turn within a priority', () => {
    const queue = new LaneQueue<Item>();
    for (let n = 0; n < 6; n++) {
      for (const letter of ['a', 'b', 'c']) queue.push({ key: letter, urgent: n % 2 === 0, n });
    }
    const keys = Array.from({ length: 6 }, () => queue.take(1, 1)[0]!.key);
    expect(keys).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });
});
