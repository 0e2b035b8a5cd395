import {
  DatabaseClock,
  REPLICA_SHOWS,
  ShowsReader,
  searchPatterns,
  showEndsAt,
  viewShow,
  type ShowFilter,
  type ShowPosition,
  type ShowReading,
} from '@modex/domain';
import { Inject, Injectable } from '@nestjs/common';
import { Cursors } from '../http/cursors.js';
import { etagOfBody } from '../http/etag.js';
import { cutPage } from '../http/page.js';
import { HIT } from '../http/cached-responses.js';
import { CachedShows, type ReadPage } from './cache/cached-shows.js';
import { ShowSearch } from './show-search.js';
import type { ShowQuery } from './dto/show-query.dto.js';

const LIST = 'shows';
/** `Cache-Status` (RFC 9211) of a response that was read and is cached now. */
export const STORED = 'Modex; fwd=miss; stored';

/** A page of shows as JSON. */
export interface WrittenPage {
  body: Buffer | string;
  etag: string;
  /** `Cache-Status` (RFC 9211). */
  cacheStatus: string;
}

/** Pages of shows. */
@Injectable()
export class ShowLists {
  constructor(
    private readonly cached: CachedShows,
    @Inject(REPLICA_SHOWS) private readonly lookup: ShowsReader,
    private readonly search: ShowSearch,
    private readonly clock: DatabaseClock,
    private readonly cursors: Cursors,
  ) {}

  /**
   * @param url of the request: the fast path finds the page by it
   * @throws VALIDATION_FAILED for a cursor that is not one of this list, OVERLOADED
   */
  async find(query: ShowQuery, url: string): Promise<WrittenPage> {
    // Searches are rarely repeated, and which shows are available changes with every booking.
    const patterns = searchPatterns(query.q ?? '');
    if (patterns.length > 0) return this.bypass(query, 'search', patterns);
    if (query.available === 'true') return this.bypass(query, 'available');
    const { kind, region, from, to, limit, cursor } = query;
    const after = this.position(cursor);
    const key = JSON.stringify([kind, region, from, to, limit, cursor]);
    const { item, hit } = await this.cached.page(key, url, () => this.read(query, after));
    const { bytes, etag } = item.write(await this.clock.now());
    return { body: bytes, etag, cacheStatus: hit ? HIT : STORED };
  }

  private async bypass(
    query: ShowQuery,
    reason: string,
    patterns: readonly string[] = [],
  ): Promise<WrittenPage> {
    const now = await this.clock.now();
    const after = this.position(query.cursor);
    const found = await this.cached.bypass(() => this.readFrom(query, now, after, patterns));
    const { data, page } = this.cut(found, query.limit);
    const body = JSON.stringify({ data: data.map((reading) => viewShow(reading, now)), page });
    const cacheStatus = `Modex; fwd=bypass; detail=${reason}`;
    return { body, etag: etagOfBody(body), cacheStatus };
  }

  private async read(query: ShowQuery, after: ShowPosition | undefined): Promise<ReadPage> {
    const now = await this.clock.now();
    const found = await this.readFrom(query, now, after);
    const { data, page } = this.cut(found, query.limit);
    // Without `from`, a list drops each show when it ends.
    const ends = query.from === undefined ? data.map(({ show }) => showEndsAt(show).getTime()) : [];
    return { shows: data, ...page, until: Math.min(Infinity, ...ends) };
  }

  private readFrom(
    query: ShowQuery,
    now: Date,
    after: ShowPosition | undefined,
    patterns: readonly string[] = [],
  ): Promise<ShowReading[]> {
    const filter: ShowFilter = {
      kind: query.kind,
      region: query.region,
      ...(query.from === undefined ? { endsAfter: now } : { from: new Date(query.from) }),
      to: query.to === undefined ? undefined : new Date(query.to),
      availableAt: query.available === 'true' ? now : undefined,
    };
    if (patterns.length === 0) return this.lookup.list(filter, query.limit, after);
    return this.search.find({ patterns, filter, limit: query.limit, after });
  }

  private cut(found: readonly ShowReading[], limit: number) {
    return cutPage(
      found,
      limit,
      (reading) => reading,
      ({ show }) => this.cursors.encode(LIST, [show.startsAt.toISOString(), show.id]),
    );
  }

  private position(cursor: string | undefined): ShowPosition | undefined {
    if (cursor === undefined) return undefined;
    const [startsAt = '', id = ''] = this.cursors.decode(LIST, cursor);
    return { startsAt: new Date(startsAt), id };
  }
}
