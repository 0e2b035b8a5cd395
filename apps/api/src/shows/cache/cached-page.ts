import { etagOfBody } from '../../http/etag.js';
import type { Page } from '../../http/page.js';
import type { CachedShow } from './cached-show.js';
import type { WrittenText } from './written-text.js';

/** A page is serialised at most once in this time, however often its counters change. Milliseconds. */
const WRITE_EVERY_MS = 50;

const BEGIN = Buffer.from('{"data":[');
const COMMA = Buffer.from(',');

interface WrittenPage extends WrittenText {
  editions: number;
  at: number;
  until: number;
}

/** A cached page of shows, with its text as last serialised. */
export class CachedPage {
  private written: WrittenPage | null = null;

  /**
   * @param readAt when the read began, by this process's monotonic clock. Milliseconds.
   * @param until when other shows begin to belong to it. Milliseconds since 1970, or Infinity.
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

  /** The sum changes with every change of a show, since editions only rise. */
  private editions(): number {
    let sum = 0;
    for (const { edition } of this.shows) sum += edition;
    return sum;
  }
}
