import { beforeEach, describe, expect, it } from '@jest/globals';
import { Show, type LedgerChange, type ShowCounters, type ShowReading } from '@modex/domain';
import fc from 'fast-check';
import type { CachedShow } from './cached-show.js';
import { ShowCache, type PageReading } from './show-cache.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const A = '00000000-0000-4000-8000-00000000000a';

/** A show at a version, which determines its counters. */
function reading(version: number, { id = A, title = 'as first written' } = {}): ShowReading {
  const show = Object.assign(new Show(), {
    id,
    title,
    description: '',
    kind: 'EVENT',
    venue: null,
    origin: null,
    destination: null,
    practitioner: null,
    region: null,
    startsAt: new Date('2026-12-01T18:00:00Z'),
    endsAt: null,
    bookingOpensAt: null,
    bookingClosesAt: null,
    cancelUntil: null,
    timeZone: 'Asia/Kolkata',
    totalSlots: 10_000,
    availableSlots: 10_000 - version,
    heldSlots: version,
    maxSlotsPerUser: null,
    holdSeconds: null,
    status: 'SCHEDULED',
    cancelledAt: null,
    version,
    revision: 1,
    createdAt: NOW,
    updatedAt: NOW,
  });
  return { show, nextReleaseAt: null };
}

const counters = (version: number, id = A) => ({
  id,
  availableSlots: 10_000 - version,
  heldSlots: version,
  totalSlots: 10_000,
  nextReleaseAt: null,
  status: 'SCHEDULED' as const,
  version,
});

const page = (...shows: ShowReading[]): PageReading => ({
  shows,
  nextCursor: null,
  limit: 20,
  readAt: performance.now(),
  until: Infinity,
});

describe('the cache of shows', () => {
  let cache: ShowCache;
  beforeEach(() => {
    cache = new ShowCache(60_000);
  });

  const show = async (read: () => Promise<ShowReading | null>) => {
    const found = await cache.show(A, read);
    return found && (JSON.parse(found.item.write(NOW).bytes.toString()) as Record<string, unknown>);
  };
  const list = async (read: () => Promise<PageReading>) => {
    const found = await cache.page('all', NOW, read);
    const { data } = JSON.parse(found.item.write(NOW).bytes.toString()) as {
      data: Record<string, unknown>[];
    };
    return { data, hit: found.hit };
  };
  const never = () => Promise.reject(new Error('read again'));

  it('reads a show once, and bookings update its counters', async () => {
    expect(await show(async () => reading(3))).toMatchObject({ version: 3, heldSlots: 3 });
    cache.apply({ shows: [counters(5)], edited: [] });
    expect(await show(never)).toMatchObject({ version: 5, heldSlots: 5, availableSlots: 9_995 });
    cache.apply({ shows: [counters(4)], edited: [] });
    expect(await show(never)).toMatchObject({ version: 5 });
  });

  describe('while the database is away', () => {
    const away = () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
    beforeEach(async () => {
      cache = new ShowCache(0);
      await list(async () => page(reading(1)));
    });

    it('serves entries of any age, and tries to read once a second', async () => {
      expect(await list(away)).toMatchObject({ data: [{ version: 1 }], hit: true });
      expect(await show(away)).toMatchObject({ version: 1 });
      expect(await list(never)).toMatchObject({ hit: true });
      expect(cache.knownPage('all', NOW)).toBeDefined();
      await new Promise((resolve) => setTimeout(resolve, 1_050));
      expect(cache.knownPage('all', NOW)).toBeUndefined();
      expect(await list(async () => page(reading(2)))).toMatchObject({ data: [{ version: 2 }] });
    });

    it('fails on any other error, and for entries that were never read', async () => {
      await expect(list(never)).rejects.toThrow('read again');
      await expect(cache.page('another', NOW, away)).rejects.toThrow('no');
      await expect(cache.show('unknown', away)).rejects.toThrow('no');
    });

    it('does not take a read that times out for an outage', async () => {
      const timeout = () => Promise.reject(Object.assign(new Error('slow'), { code: '57014' }));
      await expect(list(timeout)).rejects.toThrow('slow');
      expect(cache.knownPage('all', NOW)).toBeUndefined();
    });

    it('reads again after the first commit', async () => {
      await list(away);
      cache.applyOwn({ shows: [] } as unknown as LedgerChange);
      expect(await list(async () => page(reading(2)))).toMatchObject({ data: [{ version: 2 }] });
    });
  });

  it('writes the same bytes until something changes', async () => {
    const { item } = await cache.page('all', NOW, async () => page(reading(3)));
    const first = item.write(NOW);
    expect(item.write(NOW)).toBe(first);
    cache.apply({ shows: [counters(4)], edited: [] });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const second = item.write(NOW);
    expect(second.etag).not.toBe(first.etag);
    expect(second.bytes.toString()).toContain('"heldSlots":4');
  });

  it('coalesces concurrent reads into one', async () => {
    let readings = 0;
    const slow = async () => {
      readings += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return page(reading(1));
    };
    await Promise.all(Array.from({ length: 50 }, () => list(slow)));
    expect(readings).toBe(1);
  });

  it('applies broadcasts that arrive during a read', async () => {
    const found = show(async () => {
      cache.apply({ shows: [counters(9)], edited: [] });
      return reading(7);
    });
    expect(await found).toMatchObject({ version: 9, heldSlots: 9 });
  });

  it('invalidates pages at an edit, and does not keep a read that began before', async () => {
    await list(async () => page(reading(1)));
    cache.apply({ shows: [], edited: [A] });
    const late = await list(async () => {
      cache.apply({ shows: [counters(3)], edited: [A] });
      return page(reading(2, { title: 'old text' }));
    });
    expect(late.hit).toBe(false);
    const after = await list(async () => page(reading(3, { title: 'new text' })));
    expect(after).toMatchObject({ hit: false, data: [{ title: 'new text' }] });
    expect(await list(never)).toMatchObject({ hit: true, data: [{ title: 'new text' }] });
  });

  it('never serves an older text or older counters, in whatever order broadcasts and reads arrive', async () => {
    // The show was edited at version 50; a reading may be as old as it likes.
    const titleAt = (version: number) => (version < 50 ? 'old text' : 'new text');
    const step = fc.record({
      what: fc.constantFrom('show', 'page', 'hear', 'clear'),
      version: fc.integer({ min: 1, max: 100 }),
    });
    const look = async (what: string, version: number) => {
      const read = reading(version, { title: titleAt(version) });
      return what === 'show'
        ? show(async () => read)
        : (await list(async () => page(read))).data[0]!;
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        cache = new ShowCache(0);
        let newest = { counters: 0, row: 0 };
        const seen: unknown[] = [];
        const expected: unknown[] = [];
        for (const { what, version } of steps) {
          if (what === 'clear') {
            cache.clear();
            newest = { counters: 0, row: 0 };
            continue;
          }
          newest.counters = Math.max(newest.counters, version);
          if (what === 'hear') {
            cache.apply({ shows: [counters(version)], edited: [] });
            continue;
          }
          newest.row = Math.max(newest.row, version);
          seen.push(await look(what, version));
          expected.push({
            version: newest.counters,
            heldSlots: newest.counters,
            title: titleAt(newest.row),
          });
        }
        expect(seen).toMatchObject(expected);
      }),
      { numRuns: 300 },
    );
  });

  describe('a commit of this process', () => {
    const SLOTS = 3;
    const RELEASE_AT = new Date('2026-11-22T12:02:00Z');

    /** A show of few slots, of which each version holds one more; with none free it says what is next. */
    function held(version: number): ShowReading {
      const { show } = reading(version);
      const heldSlots = Math.min(version, SLOTS);
      Object.assign(show, { totalSlots: SLOTS, heldSlots, availableSlots: SLOTS - heldSlots });
      return { show, nextReleaseAt: heldSlots === SLOTS ? RELEASE_AT : null };
    }

    const booked = (version: number): LedgerChange => ({
      clock: NOW,
      shows: [{ show: held(version).show, edited: false }],
      bookings: [],
      soldOut: [],
      since: performance.now(),
    });

    it('is in the next read of a show that it left without slots, whatever is in flight', async () => {
      const step = fc.constantFrom('book', 'show', 'page', 'finish first', 'finish last');
      const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        cache = new ShowCache(60_000);
        let version = 1;
        const readings: (() => void)[] = [];
        const looks: Promise<void>[] = [];
        // A read returns the state at its beginning, and may finish at any later time.
        const read = async <Item>(make: (of: ShowReading, readAt: number) => Item) => {
          const readAt = performance.now();
          const item = make(held(version), readAt);
          await new Promise<void>((resolve) => readings.push(resolve));
          return item;
        };
        const expectNotOlder = (item: CachedShow, known: number) => {
          const seen = JSON.parse(item.write(NOW).bytes.toString()) as ShowCounters;
          expect(seen.version).toBeGreaterThanOrEqual(known);
          expect(seen.heldSlots).toBe(Math.min(seen.version, SLOTS));
        };
        const lookAtShow = async (known: number) => {
          const found = await cache.show(A, () => read((of) => of));
          expectNotOlder(found!.item, known);
        };
        const lookAtPage = async (known: number) => {
          const { item } = await cache.page('all', NOW, () =>
            read((of, readAt) => ({ ...page(of), readAt })),
          );
          expectNotOlder(item.shows[0]!, known);
        };
        for (const what of steps) {
          if (what === 'book') cache.applyOwn(booked((version += 1)));
          else if (what === 'show') looks.push(lookAtShow(version));
          else if (what === 'page') looks.push(lookAtPage(version));
          else (what === 'finish first' ? readings.shift() : readings.pop())?.();
          await new Promise((resolve) => setImmediate(resolve));
        }
        for (const finish of readings) finish();
        await Promise.all(looks);
      });
      await fc.assert(property, { numRuns: 300 });
    });

    it('makes the next request read the show again, with its `nextReleaseAt`', async () => {
      await cache.page('all', NOW, async () => page(held(SLOTS - 1)));
      cache.applyOwn(booked(SLOTS));
      expect(await show(async () => held(SLOTS))).toMatchObject({
        version: SLOTS,
        nextReleaseAt: RELEASE_AT.toISOString(),
      });
      expect(await show(never)).toMatchObject({ nextReleaseAt: RELEASE_AT.toISOString() });
    });
  });

  it('reads a page again when another show belongs to it', async () => {
    await list(async () => ({ ...page(reading(1)), until: NOW.getTime() }));
    expect((await list(async () => page())).hit).toBe(false);
  });
});
