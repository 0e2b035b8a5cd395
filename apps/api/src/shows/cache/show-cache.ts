import {
  isDatabaseAway,
  isTimeout,
  viewCounters,
  type LedgerChange,
  type AvailabilityUpdate,
  type ShowCounters,
  type ShowReading,
} from '@modex/domain';
import { LRUCache } from 'lru-cache';
import { CachedPage } from './cached-page.js';
import { CachedShow } from './cached-show.js';

/** As many shows as all pages together have at most. */
const MAX_PAGES = 200;
const MAX_SHOWS = 20_000;
/** After a reading that failed because the database is away, none is tried for so long. Milliseconds. */
const AWAY_MS = 1_000;
/** Counters that were heard count against what is read later for so long. Milliseconds. */
const REMEMBER_MS = 60_000;

/** What a page is made of. */
export interface PageReading {
  shows: readonly ShowReading[];
  nextCursor: string | null;
  limit: number;
  /** When the reading was begun, by this process's monotonic clock. Milliseconds. */
  readAt: number;
  /** From then on other shows belong to the page. Milliseconds since 1970, or Infinity. */
  until: number;
}

interface Heard {
  counters: ShowCounters;
  /** A reading that began earlier does not make the show fresh. Milliseconds. */
  expiredAt: number;
}

export interface Found<Item> {
  item: Item;
  /** Whether it was here already. */
  hit: boolean;
}

/**
 * Shows and pages of shows as this process last knew them. Bookings move the counters of what is
 * here; an edit, which may change what belongs to which page, empties the pages. What is older than
 * `maxAgeMs` is read again: the net under a feed that may lose something. Whoever asks for what is
 * being read already waits for that one reading. While the database is away, what is here is good,
 * however old it is: nothing is booked or edited meanwhile.
 */
export class ShowCache {
  private readonly shows = new LRUCache<string, CachedShow>({ max: MAX_SHOWS });
  private readonly pages = new LRUCache<string, CachedPage>({ max: MAX_PAGES });
  /** Of shows that are not here too: what is being read may be older than what was heard meanwhile. */
  private readonly heard = new LRUCache<string, Heard>({ max: MAX_SHOWS, ttl: REMEMBER_MS });
  private readonly reading = new Map<string, Promise<unknown>>();
  /** Rises whenever what is being read may be out of date already. */
  private generation = 0;
  /** Until then the database counts as away, by this process's monotonic clock. Milliseconds. */
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
      const item = await this.once(`show ${id}`, async () => {
        const { generation } = this;
        const readAt = performance.now();
        const reading = await read();
        return reading && this.keepShow(reading, readAt, generation);
      });
      return item && { item, hit: false };
    } catch (error) {
      return { item: this.orKept(this.shows.get(id), error), hit: true };
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
      const item = await this.once(`page ${key}`, async () => {
        const { generation } = this;
        const { shows, nextCursor, limit, readAt, until } = await read();
        const items = shows.map((reading) => this.keepShow(reading, readAt, generation));
        const page = new CachedPage(items, { nextCursor, limit }, readAt, until);
        if (generation === this.generation) this.pages.set(key, page);
        return page;
      });
      return { item, hit: false };
    } catch (error) {
      return { item: this.orKept(this.pages.get(key), error), hit: true };
    }
  }

  /** The show, if it need not be read. */
  knownShow(id: string): CachedShow | undefined {
    const known = this.shows.get(id);
    return known && (known.age < this.maxAgeMs || this.isAway) ? known : undefined;
  }

  /** The page, if it need not be read. */
  knownPage(key: string, now: Date): CachedPage | undefined {
    const known = this.pages.get(key);
    const isFresh = known && performance.now() - known.readAt < this.maxAgeMs;
    return (isFresh && now.getTime() < known.until) || this.isAway ? known : undefined;
  }

  /** What some process told: counters move, edits empty the pages. */
  hear({ shows, edited }: Pick<AvailabilityUpdate, 'shows' | 'edited'>): void {
    if (edited.length > 0) this.forget(edited);
    for (const counters of shows) this.hearCounters(counters);
  }

  /** What this process itself committed, at once: who changes a show here reads here what they did. */
  hearOwn({ shows }: LedgerChange): void {
    this.awayUntil = -Infinity;
    const edited = shows.filter((each) => each.edited).map(({ show }) => show.id);
    if (edited.length > 0) this.forget(edited);
    for (const { show } of shows) {
      this.hearCounters(viewCounters({ show, nextReleaseAt: null }));
      // When the next held slot may come back is not known here; whoever wants to know reads it.
      if (show.availableSlots === 0 && show.heldSlots > 0) this.expire(show.id);
    }
  }

  /** Something may have been missed: everything is read again. */
  clear(): void {
    this.forget([]);
    this.shows.clear();
    this.heard.clear();
  }

  /** Takes what was read again of shows that are here. */
  refresh(readings: readonly ShowReading[], readAt: number): void {
    for (const reading of readings) this.shows.get(reading.show.id)?.read(reading, readAt);
  }

  private hearCounters(counters: ShowCounters): void {
    const { id } = counters;
    const known = this.heard.get(id);
    if (!known) this.heard.set(id, { counters, expiredAt: -Infinity });
    else if (known.counters.version <= counters.version) this.heard.set(id, { ...known, counters });
    this.shows.get(id)?.hear(counters);
  }

  /** Whoever wants this show from now on gets a reading that begins from now on. */
  private expire(id: string): void {
    const now = performance.now();
    const heard = this.heard.get(id);
    if (heard) heard.expiredAt = now;
    this.reading.delete(`show ${id}`);
    this.shows.get(id)?.expire(now);
  }

  private forget(edited: readonly string[]): void {
    this.generation += 1;
    // Who waits for a reading that has begun gets it; who comes from now on gets a new one.
    this.reading.clear();
    this.pages.clear();
    for (const id of edited) this.shows.delete(id);
  }

  private keepShow(reading: ShowReading, readAt: number, generation: number): CachedShow {
    const { show, nextReleaseAt } = reading;
    const known = this.shows.get(show.id);
    if (known) {
      known.read(reading, readAt);
      return known;
    }
    const fresh = new CachedShow(show, nextReleaseAt, readAt);
    const heard = this.heard.get(show.id);
    if (heard) {
      // At the same version the reading knows more: when the next held slot may come back.
      if (heard.counters.version > show.version) fresh.hear(heard.counters);
      if (heard.expiredAt >= readAt) fresh.expire(heard.expiredAt);
    }
    if (generation === this.generation) this.shows.set(show.id, fresh);
    return fresh;
  }

  private get isAway(): boolean {
    return performance.now() < this.awayUntil;
  }

  /** What is here, where it could not be read again because the database is away. */
  private orKept<Item>(kept: Item | undefined, error: unknown): Item {
    if (!isDatabaseAway(error) && !isTimeout(error)) throw error;
    this.awayUntil = performance.now() + AWAY_MS;
    if (kept === undefined) throw error;
    return kept;
  }

  private async once<Item>(name: string, read: () => Promise<Item>): Promise<Item> {
    const running = this.reading.get(name) as Promise<Item> | undefined;
    if (running) return running;
    const started = read().finally(() => {
      if (this.reading.get(name) === started) this.reading.delete(name);
    });
    this.reading.set(name, started);
    return started;
  }
}
