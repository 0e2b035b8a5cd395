import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RequestScheduler, type RequestClass } from './request-scheduler.js';

const CLASSES: RequestClass[] = ['changes', 'probes', 'holds', 'cached', 'others', 'refused'];

/** A scheduler whose turns of the event loop the test takes, and what was served in which. */
function start() {
  let next: (() => void) | null = null;
  const scheduler = new RequestScheduler((callback) => (next = callback));
  const served: { requestClass: RequestClass; id: number; turn: number }[] = [];
  let turn = 0;
  const enter = (requestClass: RequestClass, id = 0) =>
    scheduler.enter(() => served.push({ requestClass, id, turn }), requestClass);
  const takeTurn = () => {
    turn += 1;
    const callback = next;
    next = null;
    callback?.();
    return callback !== null;
  };
  return { enter, served, takeTurn };
}

describe('the request scheduler', () => {
  it('serves at once while there is room, and the rest in later turns', () => {
    const { enter, served, takeTurn } = start();
    for (let i = 0; i < 10; i++) enter('holds', i);
    expect(served).toHaveLength(4);
    takeTurn();
    expect(served).toHaveLength(8);
    takeTurn();
    expect(served.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('serves each request once, in the order of its class, and rests when all are served', () => {
    const arrivals = fc.array(fc.tuple(fc.constantFrom(...CLASSES), fc.nat(3)), { maxLength: 300 });
    fc.assert(
      fc.property(arrivals, (requests) => {
        const { enter, served, takeTurn } = start();
        requests.forEach(([requestClass, turns], id) => {
          expect(enter(requestClass, id)).toBe(true);
          for (let i = 0; i < turns; i++) takeTurn();
        });
        while (takeTurn());
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

  it('starves no class: whoever waits alone in theirs is served soon, whatever the others do', () => {
    const crowd = fc.subarray(CLASSES, { minLength: 1 });
    fc.assert(
      fc.property(crowd, fc.constantFrom(...CLASSES), fc.nat(20), (crowds, lone, turnsBefore) => {
        const { enter, served, takeTurn } = start();
        const rush = () => crowds.forEach((each) => times(30, () => enter(each)));
        rush();
        for (let i = 0; i < turnsBefore; i++) {
          takeTurn();
          rush();
        }
        enter(lone, 1);
        const before = served.length;
        for (let i = 0; i < 3; i++) {
          takeTurn();
          rush();
        }
        expect(served.length).toBeGreaterThan(before);
        // In a class with a crowd it waits behind that crowd.
        const isServed = crowds.includes(lone) || served.some(({ id }) => id === 1);
        expect(isServed).toBe(true);
      }),
    );
  });

  it('shares the room by weight while all wait', () => {
    const { enter, served, takeTurn } = start();
    CLASSES.forEach((each) => times(2_000, () => enter(each)));
    const first = served.length;
    for (let i = 0; i < 200; i++) takeTurn();
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

  it('serves a confirm in the next turn, before a thousand holds that came first', () => {
    const { enter, served, takeTurn } = start();
    times(1_000, () => enter('holds'));
    for (let i = 0; i < 10; i++) takeTurn();
    enter('changes', 1);
    const before = served.length;
    takeTurn();
    expect(served[before]).toMatchObject({ requestClass: 'changes', id: 1 });
  });

  it('keeps a flood of refusals to a small share of each turn', () => {
    const { enter, served, takeTurn } = start();
    times(2_000, () => enter('refused'));
    times(200, () => enter('holds'));
    const before = served.length;
    while (served.filter(({ requestClass }) => requestClass === 'holds').length < 200) takeTurn();
    const refused = served.slice(before).filter(({ requestClass }) => requestClass === 'refused');
    expect(refused.length).toBeLessThan(250);
  });

  it('refuses what does not fit into the queue of its class, and takes others', () => {
    const { enter } = start();
    times(2_016, () => expect(enter('refused')).toBe(true));
    expect(enter('refused')).toBe(false);
    expect(enter('holds')).toBe(true);
  });
});

function times(count: number, act: () => void): void {
  for (let i = 0; i < count; i++) act();
}
