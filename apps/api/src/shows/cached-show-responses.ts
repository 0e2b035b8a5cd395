import { Injectable } from '@nestjs/common';
import type { CachedResponse, CachedResponses } from '../http/cached-responses.js';
import { CachedShows } from './cache/cached-shows.js';

const SHOWS = '/api/v1/shows';
const SHOW = new RegExp(`^${SHOWS}/([0-9a-f]{8}-[0-9a-f-]{27})$`);

/** Cached lists and shows, by the URLs of `ShowsController`. */
@Injectable()
export class CachedShowResponses implements CachedResponses {
  constructor(private readonly cached: CachedShows) {}

  find(url: string): CachedResponse | null {
    if (!url.startsWith(SHOWS)) return null;
    const id = SHOW.exec(url)?.[1];
    const text = id === undefined ? this.cached.knownPage(url) : this.cached.knownShow(id);
    if (!text) return null;
    return { body: text.bytes, etag: text.etag };
  }
}
