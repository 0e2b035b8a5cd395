import { etagOfBody } from '../../http/etag.js';
import type { Page } from '../../http/page.js';
import type { CachedShow } from './cached-show.js';
import type { WrittenText } from './written-text.js';

/** In a rush a page is written anew at most once in this time, however often its counters change. Milliseconds. */
const WRITE_EVERY_MS = 50;

const BEGIN = Buffer.from('{"data":[');
const COMMA = Buffer.from(',');

interface WrittenPage extends WrittenText {
  editions: number;
  at: number;
  until: number;
}

/** A page of shows, whose counters go on moving, with its text as it was last sent. */
export class CachedPage {
  private written: WrittenPage | null = null;

  /**
   * @param readAt when the reading was begun, by this process's monotonic clock. Milliseconds.
   * @param until from then on other shows belong to the page. Milliseconds since 1970, or Infinity.
   */
  constructor(
    readonly shows: readonly CachedShow[],
    readonly page: Page,
    readonly readAt: number,
    readonly until: number,
  ) {}

  /** @param now the database's clock */
  write(now: Date): WrittenText {
    const { written } = this;
    if (written && now.getTime() < written.until) {
      if (performance.now() - written.at < WRITE_EVERY_MS) return written;
      if (written.editions === this.editions()) return written;
    }
    return (this.written = this.compose(now));
  }

  private compose(now: Date): WrittenPage {
    const texts = this.shows.map((show) => show.write(now));
    const data = texts.flatMap(({ bytes }, i) => (i === 0 ? [bytes] : [COMMA, bytes]));
    const end = Buffer.from(`],"page":${JSON.stringify(this.page)}}`);
    const bytes = Buffer.concat([BEGIN, ...data, end]);
    return {
      bytes,
      etag: etagOfBody(bytes),
      editions: this.editions(),
      at: performance.now(),
      until: texts.reduce((earliest, { until }) => Math.min(earliest, until), Infinity),
    };
  }

  /** Changes with every edition of every show of the page, since each only rises. */
  private editions(): number {
    let sum = 0;
    for (const { edition } of this.shows) sum += edition;
    return sum;
  }
}
