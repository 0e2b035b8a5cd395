import {
  BookingEngine,
  DatabaseClock,
  AvailabilityUpdates,
  ReadReplicas,
  ShowsLookup,
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

/** What a page is read as: the shows that are on it and where the next one begins. */
export type ReadPage = Omit<PageReading, 'readAt'>;

/**
 * Shows and pages of shows for people who look: from this process's memory, or from the pages that
 * all instances share in Redis, or from a database. What the feed tells keeps them true.
 */
@Injectable()
export class CachedShows implements OnApplicationShutdown {
  private readonly cache: ShowCache;
  private readonly shared: SharedPages | null;
  private readonly subscriptions: Subscription[];
  private readonly reads: Counter;
  private readonly keysOfUrls = new LRUCache<string, string>({ max: MAX_URLS });
  private era: string | null = null;

  private hasListened = false;

  constructor(
    config: ApiConfig,
    private readonly lookup: ShowsLookup,
    private readonly replicas: ReadReplicas,
    private readonly primary: ShowsReader,
    private readonly clock: DatabaseClock,
    engine: BookingEngine,
    news: AvailabilityUpdates,
    @Inject(LOGGER) logger: Logger,
    registry: Registry,
  ) {
    const maxAgeMs = config.CACHE_SECONDS * 1_000;
    this.cache = new ShowCache(maxAgeMs);
    this.shared = config.redis ? new SharedPages(config.redis, maxAgeMs, logger) : null;
    this.reads = new Counter({
      name: 'modex_show_reads_total',
      help: 'Reads of shows and of lists of shows, by where they were answered from.',
      labelNames: ['of', 'result'],
      registers: [registry],
    });
    this.subscriptions = [
      engine.changes.subscribe((change) => {
        if (change.shows.some(({ edited }) => edited)) this.distrustCopies();
        this.cache.hearOwn(change);
      }),
      news.updates.subscribe((update) => {
        if (update.edited.length > 0) this.distrustCopies();
        this.cache.hear(update);
      }),
      news.interruptions.subscribe(() => {
        // The first time it is this process that begins: pages of the others are as good as before.
        if (this.hasListened) this.distrustCopies();
        else this.replicas.holdBack();
        this.hasListened = true;
        this.cache.clear();
      }),
    ];
  }

  /** Null: there is no such show. */
  async find(id: string): Promise<Found<CachedShow> | null> {
    const found = await this.cache.show(id, () => this.readShow(id));
    this.count('show', found?.hit ? 'hit' : 'miss');
    return found;
  }

  /**
   * @param key names the page
   * @param url by which the same page may be asked for again
   * @param read reads it from a database
   */
  async page(key: string, url: string, read: () => Promise<ReadPage>): Promise<Found<CachedPage>> {
    const now = await this.clock.now();
    this.keysOfUrls.set(url, key);
    const found = await this.cache.page(key, now, () => this.readPage(key, read));
    this.count('list', found.hit ? 'hit' : 'miss');
    return found;
  }

  /** The show as it is sent, if it need not be read; null otherwise. */
  knownShow(id: string): WrittenText | null {
    const now = this.clock.measured();
    const show = now && this.cache.knownShow(id);
    if (!show) return null;
    this.count('show', 'hit');
    return show.write(now);
  }

  /** The page as it is sent, if it was asked for by this URL before and need not be read; null otherwise. */
  knownPage(url: string): WrittenText | null {
    const now = this.clock.measured();
    const key = this.keysOfUrls.get(url);
    const page = now && key !== undefined ? this.cache.knownPage(key, now) : undefined;
    if (!page || !now) return null;
    this.count('list', 'hit');
    return page.write(now);
  }

  /** A page that is not kept, because hardly anybody asks for the same again. */
  async passBy<Item>(read: () => Promise<Item>): Promise<Item> {
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
    if (shared) this.enter(shared.era);
    if (shared?.page) {
      // The counters may have moved since it was read: they are read again behind it.
      this.refresh(shared.page.shows);
      return shared.page;
    }
    const readAt = performance.now();
    const page = { ...(await read()), readAt };
    if (shared) void this.shared?.keep(key, shared.era, page);
    return page;
  }

  /** Copies may be older than what was just heard of: replicas, and the pages in Redis. */
  private distrustCopies(): void {
    this.replicas.holdBack();
    this.shared?.forget();
  }

  /** In a new era a show was edited, perhaps before this process heard of it. */
  private enter(era: string): void {
    if (era !== this.era) this.replicas.holdBack();
    this.era = era;
  }

  private refresh(shows: readonly ShowReading[]): void {
    const readAt = performance.now();
    this.lookup
      .findByIds(shows.map(({ show }) => show.id))
      .then((readings) => this.cache.refresh(readings, readAt))
      // What is shown is at most as old as any page may get.
      .catch(() => {});
  }

  private count(of: 'list' | 'show', result: 'hit' | 'miss' | 'bypass'): void {
    this.reads.inc({ of, result });
  }
}
