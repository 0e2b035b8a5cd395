import {
  isDatabaseAway,
  viewCounters,
  type LedgerChange,
  type AvailabilityUpdate,
  type ShowCounters,
  type ShowReading,
} from '@modex/domain';
import { LRUCache } from 'lru-cache';
import { CachedPage } from './cached-page.js';
import { CachedShow } from './cached-show.js';

/** The shows of all pages together, at 100 each. */
const MAX_PAGES = 200;
const MAX_SHOWS = 20_000;
/** After a read failed because the database is away, none is tried for so long. Milliseconds. */
const AWAY_MS = 1_000;
/** How long broadcast counters are compared with later reads. Milliseconds. */
const KEEP_MS = 60_000;

/** The rows of a page. */
export interface PageReading {
  shows: readonly ShowReading[];
  nextCursor: string | null;
  limit: number;
  /** When the read began, by this process's monotonic clock. Milliseconds. */
  readAt: number;
  /** When other shows begin to belong to the page. Milliseconds since 1970, or Infinity. */
  until: number;
}

interface Broadcast {
  counters: ShowCounters;
  /** A read that began earlier does not make the show fresh. Milliseconds. */
  expiredAt: number;
}

export interface Found<Item> {
  item: Item;
  /** Whether it came from the cache. */
  hit: boolean;
}

/**
 * The cache of shows and pages of shows. Broadcasts of bookings update counters; an edit, which may
 * change the pages that a show belongs to, invalidates all pages. Entries older than `maxAgeMs` are
 * read again, since broadcasts are lossy. Concurrent reads of one entry share a query. While the
 * database is unreachable, entries of any age are served: nothing is booked or edited meanwhile.
 */
export class ShowCache {
  private readonly shows = new LRUCache<string, CachedShow>({ max: MAX_SHOWS });
  private readonly pages = new LRUCache<string, CachedPage>({ max: MAX_PAGES });
  /** Also of shows that are not cached: a running read may be older than a broadcast. */
  private readonly broadcasts = new LRUCache<string, Broadcast>({ max: MAX_SHOWS, ttl: KEEP_MS });
  private readonly inFlight = new Map<string, Promise<unknown>>();
  /** Rises with every invalidation: the result of a read from an older generation is not kept. */
  private generation = 0;
  /** Until then the database is taken as away, by this process's monotonic clock. Milliseconds. */
  private awayUntil = -Infinity;

  constructor(private readonly maxAgeMs: number) {}

  /** @param read reads the show; null if there is none */
  async show(
    id: string,
    read: () => Promise<ShowReading | null>,
  ): Promise<Found<CachedShow> | null> {
    const known = this.knownShow(id);
    if (known) return { item: known, hit: true };
    try {
      const item = await this.coalesce(`show ${id}`, async () => {
        const { generation } = this;
        const readAt = performance.now();
        const reading = await read();
        return reading && this.keepShow(reading, readAt, generation);
      });
      return item && { item, hit: false };
    } catch (error) {
      return { item: this.orStale(this.shows.get(id), error), hit: true };
    }
  }

  /**
   * @param key names the page
   * @param now the database's clock
   */
  async page(key: string, now: Date, read: () => Promise<PageReading>): Promise<Found<CachedPage>> {
    const known = this.knownPage(key, now);
    if (known) return { item: known, hit: true };
    try {
      const item = await this.coalesce(`page ${key}`, async () => {
        const { generation } = this;
        const { shows, nextCursor, limit, readAt, until } = await read();
        const items = shows.map((reading) => this.keepShow(reading, readAt, generation));
        const page = new CachedPage(items, { nextCursor, limit }, readAt, until);
        if (generation === this.generation) this.pages.set(key, page);
        return page;
      });
      return { item, hit: false };
    } catch (error) {
      return { item: this.orStale(this.pages.get(key), error), hit: true };
    }
  }

  /** The cached show, if it is fresh. */
  knownShow(id: string): CachedShow | undefined {
    const known = this.shows.get(id);
    return known && (known.age < this.maxAgeMs || this.isAway) ? known : undefined;
  }

  /** The cached page, if it is fresh. */
  knownPage(key: string, now: Date): CachedPage | undefined {
    const known = this.pages.get(key);
    const isFresh = known && performance.now() - known.readAt < this.maxAgeMs;
    return (isFresh && now.getTime() < known.until) || this.isAway ? known : undefined;
  }

  /** Applies a broadcast of any process. */
  apply({ shows, edited }: Pick<AvailabilityUpdate, 'shows' | 'edited'>): void {
    if (edited.length > 0) this.invalidate(edited);
    for (const counters of shows) this.applyCounters(counters);
  }

  /** Applies a commit of this process before its broadcast: clients read their own writes here. */
  applyOwn({ shows }: LedgerChange): void {
    this.awayUntil = -Infinity;
    const edited = shows.filter((each) => each.edited).map(({ show }) => show.id);
    if (edited.length > 0) this.invalidate(edited);
    for (const { show } of shows) {
      this.applyCounters(viewCounters({ show, nextReleaseAt: null }));
      // A commit does not carry `nextReleaseAt`, so the show is read again for it.
      if (show.availableSlots === 0 && show.heldSlots > 0) this.expire(show.id);
    }
  }

  /** Invalidates everything, after broadcasts may have been missed. */
  clear(): void {
    this.invalidate([]);
    this.shows.clear();
    this.broadcasts.clear();
  }

  /** Updates cached shows with a newer read. */
  refresh(readings: readonly ShowReading[], readAt: number): void {
    for (const reading of readings) this.shows.get(reading.show.id)?.update(reading, readAt);
  }

  private applyCounters(counters: ShowCounters): void {
    const { id } = counters;
    const known = this.broadcasts.get(id);
    if (!known) this.broadcasts.set(id, { counters, expiredAt: -Infinity });
    else if (known.counters.version <= counters.version) {
      this.broadcasts.set(id, { ...known, counters });
    }
    this.shows.get(id)?.updateCounters(counters);
  }

  /** Later requests for this show get a read that begins now or later. */
  private expire(id: string): void {
    const now = performance.now();
    const broadcast = this.broadcasts.get(id);
    if (broadcast) broadcast.expiredAt = now;
    this.inFlight.delete(`show ${id}`);
    this.shows.get(id)?.expire(now);
  }

  private invalidate(edited: readonly string[]): void {
    this.generation += 1;
    // Requests that wait for a running read get its result; later ones start a new read.
    this.inFlight.clear();
    this.pages.clear();
    for (const id of edited) this.shows.delete(id);
  }

  private keepShow(reading: ShowReading, readAt: number, generation: number): CachedShow {
    const { show, nextReleaseAt } = reading;
    const known = this.shows.get(show.id);
    if (known) {
      known.update(reading, readAt);
      return known;
    }
    const fresh = new CachedShow(show, nextReleaseAt, readAt);
    const broadcast = this.broadcasts.get(show.id);
    if (broadcast) {
      // At the same version the read also knows `nextReleaseAt`.
      if (broadcast.counters.version > show.version) fresh.updateCounters(broadcast.counters);
      if (broadcast.expiredAt >= readAt) fresh.expire(broadcast.expiredAt);
    }
    if (generation === this.generation) this.shows.set(show.id, fresh);
    return fresh;
  }

  private get isAway(): boolean {
    return performance.now() < this.awayUntil;
  }

  /** The stale entry, when it cannot be read again because the database is away. */
  private orStale<Item>(stale: Item | undefined, error: unknown): Item {
    if (!isDatabaseAway(error)) throw error;
    this.awayUntil = performance.now() + AWAY_MS;
    if (stale === undefined) throw error;
    return stale;
  }

  /** Concurrent reads of one entry share the first one's promise. */
  private async coalesce<Item>(name: string, read: () => Promise<Item>): Promise<Item> {
    const running = this.inFlight.get(name) as Promise<Item> | undefined;
    if (running) return running;
    const started = read().finally(() => {
      if (this.inFlight.get(name) === started) this.inFlight.delete(name);
    });
    this.inFlight.set(name, started);
    return started;
  }
}
