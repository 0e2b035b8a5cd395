import { Injectable } from '@nestjs/common';
import type { PreparedAnswer, PreparedAnswers } from '../http/prepared-answers.js';
import { CachedShows } from './cache/cached-shows.js';

const SHOWS = '/api/v1/shows';
const SHOW = new RegExp(`^${SHOWS}/([0-9a-f]{8}-[0-9a-f-]{27})$`);

/** Lists and shows that need not be read, by the URLs of `ShowsController`. */
@Injectable()
export class PreparedShows implements PreparedAnswers {
  constructor(private readonly cached: CachedShows) {}

  find(url: string): PreparedAnswer | null {
    if (!url.startsWith(SHOWS)) return null;
    const id = SHOW.exec(url)?.[1];
    const text = id === undefined ? this.cached.knownPage(url) : this.cached.knownShow(id);
    if (!text) return null;
    return { body: text.bytes, etag: text.etag };
  }
}
