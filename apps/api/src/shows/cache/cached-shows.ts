import {
  BookingEngine,
  DatabaseClock,
  AvailabilityUpdates,
  ReadReplicas,
  REPLICA_SHOWS,
  ShowsReader,
  type ShowReading,
} from '@modex/domain';
import { LOGGER, type Logger } from '@modex/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { LRUCache } from 'lru-cache';
import type { Subscription } from 'rxjs';
import { ApiConfig } from '../../config/api-config.js';
import type { CachedPage } from './cached-page.js';
import type { WrittenText } from './written-text.js';
import type { CachedShow } from './cached-show.js';
import { SharedPages } from './shared-pages.js';
import { ShowCache, type Found, type PageReading } from './show-cache.js';

/** A page has several spellings of its URL. */
const MAX_URLS = 1_000;

/** The shows of a page and where the next page begins. */
export type ReadPage = Omit<PageReading, 'readAt'>;

/**
 * Reads of shows and pages of shows: from this process's cache, from the pages shared in Redis, or
 * from a database. Availability broadcasts keep the cache current.
 */
@Injectable()
export class CachedShows implements OnApplicationShutdown {
  private readonly cache: ShowCache;
  private readonly shared: SharedPages | null;
  private readonly subscriptions: Subscription[];
  private readonly reads: Counter;
  private readonly keysOfUrls = new LRUCache<string, string>({ max: MAX_URLS });
  /** The generation of the shared pages, as last seen. */
  private generation: string | null = null;
  private hasSubscribed = false;

  constructor(
    config: ApiConfig,
    @Inject(REPLICA_SHOWS) private readonly lookup: ShowsReader,
    private readonly replicas: ReadReplicas,
    private readonly primary: ShowsReader,
    private readonly clock: DatabaseClock,
    engine: BookingEngine,
    { updates, interruptions }: AvailabilityUpdates,
    @Inject(LOGGER) logger: Logger,
    registry: Registry,
  ) {
    const maxAgeMs = config.CACHE_SECONDS * 1_000;
    this.cache = new ShowCache(maxAgeMs);
    this.shared = config.redis ? new SharedPages(config.redis, maxAgeMs, logger) : null;
    this.reads = new Counter({
      name: 'modex_show_reads_total',
      help: 'Reads of shows and of lists of shows, by cache result.',
      labelNames: ['of', 'result'],
      registers: [registry],
    });
    this.subscriptions = [
      engine.changes.subscribe((change) => {
        if (change.shows.some(({ edited }) => edited)) this.invalidateCopies();
        this.cache.applyOwn(change);
      }),
      updates.subscribe((update) => {
        if (update.edited.length > 0) this.invalidateCopies();
        this.cache.apply(update);
      }),
      interruptions.subscribe(() => {
        // The first subscription is this process's start: the shared pages are still valid.
        if (this.hasSubscribed) this.invalidateCopies();
        else this.replicas.readYourWrites();
        this.hasSubscribed = true;
        this.cache.clear();
      }),
    ];
  }

  /** @returns null for an unknown show */
  async find(id: string): Promise<Found<CachedShow> | null> {
    const found = await this.cache.show(id, () => this.readShow(id));
    this.count('show', found?.hit ? 'hit' : 'miss');
    return found;
  }

  /**
   * @param key names the page
   * @param url of the request: the fast path finds the page by it
   * @param read reads it from a database
   */
  async page(key: string, url: string, read: () => Promise<ReadPage>): Promise<Found<CachedPage>> {
    const now = await this.clock.now();
    this.keysOfUrls.set(url, key);
    const found = await this.cache.page(key, now, () => this.readPage(key, read));
    this.count('list', found.hit ? 'hit' : 'miss');
    return found;
  }

  /** The serialised show, if it is fresh in the cache; null otherwise. */
  knownShow(id: string): WrittenText | null {
    const now = this.clock.measured();
    const show = now && this.cache.knownShow(id);
    if (!show) return null;
    this.count('show', 'hit');
    return show.write(now);
  }

  /** The serialised page, if it is fresh and was requested by this URL before; null otherwise. */
  knownPage(url: string): WrittenText | null {
    const now = this.clock.measured();
    const key = this.keysOfUrls.get(url);
    const page = now && key !== undefined ? this.cache.knownPage(key, now) : undefined;
    if (!page || !now) return null;
    this.count('list', 'hit');
    return page.write(now);
  }

  /** Reads a page without caching it: the same page is rarely requested twice. */
  async bypass<Item>(read: () => Promise<Item>): Promise<Item> {
    this.count('list', 'bypass');
    return read();
  }

  onApplicationShutdown(): void {
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    this.shared?.close();
  }

  private async readShow(id: string): Promise<ShowReading | null> {
    // A replica may not have it yet.
    return (await this.lookup.find(id)) ?? (this.replicas.isEmpty ? null : this.primary.find(id));
  }

  private async readPage(key: string, read: () => Promise<ReadPage>): Promise<PageReading> {
    const shared = await this.shared?.find(key);
    if (shared) this.enterGeneration(shared.generation);
    if (shared?.page) {
      // Counters may have changed since the page was read: they are read again in the background.
      this.refresh(shared.page.shows);
      return shared.page;
    }
    const readAt = performance.now();
    const page = { ...(await read()), readAt };
    if (shared) void this.shared?.keep(key, shared.generation, page);
    return page;
  }

  /** Replicas and the pages in Redis may be older than an edit. */
  private invalidateCopies(): void {
    this.replicas.readYourWrites();
    this.shared?.invalidate();
  }

  /** A new generation means that a show was edited, perhaps before its broadcast arrived here. */
  private enterGeneration(generation: string): void {
    if (generation !== this.generation) this.replicas.readYourWrites();
    this.generation = generation;
  }

  private refresh(shows: readonly ShowReading[]): void {
    const readAt = performance.now();
    this.lookup
      .findByIds(shows.map(({ show }) => show.id))
      .then((readings) => this.cache.refresh(readings, readAt))
      // Without it the page is at most `maxAgeMs` old, as any page may be.
      .catch(() => {});
  }

  private count(of: 'list' | 'show', result: 'hit' | 'miss' | 'bypass'): void {
    this.reads.inc({ of, result });
  }
}
