import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RequestScheduler, type RequestClass } from './request-scheduler.js';

const CLASSES: RequestClass[] = ['changes', 'probes', 'holds', 'cached', 'others', 'refused'];

/** A scheduler whose event loop iterations the test runs, and what each one served. */
function start() {
  let next: (() => void) | null = null;
  const scheduler = new RequestScheduler((callback) => (next = callback));
  const served: { requestClass: RequestClass; id: number; iteration: number }[] = [];
  let iteration = 0;
  const schedule = (requestClass: RequestClass, id = 0) =>
    scheduler.schedule(() => served.push({ requestClass, id, iteration }), requestClass);
  const nextIteration = () => {
    iteration += 1;
    const callback = next;
    next = null;
    callback?.();
    return callback !== null;
  };
  return { schedule, served, nextIteration };
}

describe('the request scheduler', () => {
  it('serves at once within the budget, and the rest in later iterations', () => {
    const { schedule, served, nextIteration } = start();
    for (let i = 0; i < 10; i++) schedule('holds', i);
    expect(served).toHaveLength(4);
    nextIteration();
    expect(served).toHaveLength(8);
    nextIteration();
    expect(served.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('serves each request once, in the order of its class, and stops when all are served', () => {
    const arrivals = fc.array(fc.tuple(fc.constantFrom(...CLASSES), fc.nat(3)), { maxLength: 300 });
    fc.assert(
      fc.property(arrivals, (requests) => {
        const { schedule, served, nextIteration } = start();
        requests.forEach(([requestClass, iterations], id) => {
          expect(schedule(requestClass, id)).toBe(true);
          for (let i = 0; i < iterations; i++) nextIteration();
        });
        while (nextIteration());
        expect(served).toHaveLength(requests.length);
        for (const requestClass of CLASSES) {
          const ids = served
            .filter((each) => each.requestClass === requestClass)
            .map(({ id }) => id);
          expect(ids).toEqual(ids.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it('starves no class: a lone request of an idle class is served soon under any load', () => {
    const someClasses = fc.subarray(CLASSES, { minLength: 1 });
    fc.assert(
      fc.property(
        someClasses,
        fc.constantFrom(...CLASSES),
        fc.nat(20),
        (floodedClasses, lone, iterationsBefore) => {
          const { schedule, served, nextIteration } = start();
          const flood = () => floodedClasses.forEach((each) => times(30, () => schedule(each)));
          flood();
          for (let i = 0; i < iterationsBefore; i++) {
            nextIteration();
            flood();
          }
          schedule(lone, 1);
          const before = served.length;
          for (let i = 0; i < 3; i++) {
            nextIteration();
            flood();
          }
          expect(served.length).toBeGreaterThan(before);
          // In a flooded class it is queued behind the flood.
          const isServed = floodedClasses.includes(lone) || served.some(({ id }) => id === 1);
          expect(isServed).toBe(true);
        },
      ),
    );
  });

  it('shares the budget by weight while all classes are queued', () => {
    const { schedule, served, nextIteration } = start();
    CLASSES.forEach((each) => times(2_000, () => schedule(each)));
    const first = served.length;
    for (let i = 0; i < 200; i++) nextIteration();
    const cost = { changes: 4, probes: 1, holds: 4, cached: 1, others: 4, refused: 1 };
    const spent = (requestClass: RequestClass) =>
      served.slice(first).filter((each) => each.requestClass === requestClass).length *
      cost[requestClass];
    const part = spent('refused');
    expect(spent('changes') / part).toBeCloseTo(8, 0);
    for (const each of ['probes', 'holds', 'cached', 'others'] as const) {
      expect(spent(each) / part).toBeCloseTo(4, 0);
    }
  });

  it('serves a confirm in the next iteration, before a thousand holds that came first', () => {
    const { schedule, served, nextIteration } = start();
    times(1_000, () => schedule('holds'));
    for (let i = 0; i < 10; i++) nextIteration();
    schedule('changes', 1);
    const before = served.length;
    nextIteration();
    expect(served[before]).toMatchObject({ requestClass: 'changes', id: 1 });
  });

  it('keeps a flood of refusals to a small share of each iteration', () => {
    const { schedule, served, nextIteration } = start();
    times(2_000, () => schedule('refused'));
    times(200, () => schedule('holds'));
    const before = served.length;
    while (served.filter(({ requestClass }) => requestClass === 'holds').length < 200)
      nextIteration();
    const refused = served.slice(before).filter(({ requestClass }) => requestClass === 'refused');
    expect(refused.length).toBeLessThan(250);
  });

  it('refuses a request when the queue of its class is full, and schedules other classes', () => {
    const { schedule } = start();
    times(2_016, () => expect(schedule('refused')).toBe(true));
    expect(schedule('refused')).toBe(false);
    expect(schedule('holds')).toBe(true);
  });
});

function times(count: number, act: () => void): void {
  for (let i = 0; i < count; i++) act();
}
