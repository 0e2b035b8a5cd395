import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DutyCycle } from './duty-cycle.js';

const WORK_MS = 10;

describe('a duty cycle', () => {
  it('works no more than its share of the time, one piece at a time', async () => {
    const cycle = new DutyCycle(0.25);
    const began = performance.now();
    let working = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++working);
      await sleep(WORK_MS);
      working -= 1;
    };
    await Promise.all(Array.from({ length: 6 }, () => cycle.run(work)));
    expect(most).toBe(1);
    // Six pieces of work, and five rests three times as long.
    expect(performance.now() - began).toBeGreaterThanOrEqual(WORK_MS * (6 + 5 * 3) - 5);
  });

  it('lets some go first, and counts who waits', async () => {
    const cycle = new DutyCycle(1);
    const order: string[] = [];
    const run = (name: string, goesFirst: boolean) =>
      cycle.run(async () => void order.push(name), goesFirst);
    const all = [run('a', false), run('b', false), run('c', true), run('d', true)];
    expect([cycle.waiting(true), cycle.waiting(false)]).toEqual([2, 1]);
    await Promise.all(all);
    expect(order).toEqual(['a', 'c', 'd', 'b']);
  });

  it('gives the others their turn, however many go first', async () => {
    const cycle = new DutyCycle(1);
    const order: string[] = [];
    const run = (name: string, goesFirst: boolean) =>
      cycle.run(async () => void order.push(name), goesFirst);
    await Promise.all([
      run('a', false),
      run('b', false),
      ...Array.from({ length: 9 }, (_, n) => run(`first ${n}`, true)),
    ]);
    expect(order.indexOf('b')).toBe(4);
  });

  it('goes on after work that failed', async () => {
    const cycle = new DutyCycle(1);
    await expect(cycle.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cycle.run(async () => 'done')).toBe('done');
  });
});
