import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Show, ShowReading } from '@modex/domain';
import {
  closeRedisClient,
  createRedisClient,
  type Logger,
  type RedisClient,
} from '@modex/platform';
import type { PageReading } from './show-cache.js';

/** Redis is asked to save time: an answer that takes longer is not waited for. Milliseconds. */
const PATIENCE_MS = 100;
const RETRY_FORGETTING_MS = 500;

const DATES: ReadonlySet<string> = new Set<keyof Show | keyof ShowReading>([
  'startsAt',
  'endsAt',
  'bookingOpensAt',
  'bookingClosesAt',
  'cancelUntil',
  'cancelledAt',
  'createdAt',
  'updatedAt',
  'nextReleaseAt',
]);

type KeptPage = Omit<PageReading, 'readAt' | 'until'> & {
  /** The state of the shows that it was read in. */
  era: string;
  /** When it was read, by the clock of the machine that read it. Milliseconds since 1970. */
  readAt: number;
  until: number | null;
};

/** What Redis said: in which era it is, and the page if there is one of this era. */
export interface SharedAnswer {
  era: string;
  page: PageReading | null;
}

/**
 * Pages of shows that all API instances share in Redis, so that a new one starts warm. Every edit of
 * a show begins a new era, and a page counts only in the era in which its reading began. Without
 * Redis nothing is found and nothing kept.
 */
export class SharedPages {
  private readonly client: RedisClient;
  private readonly prefix: string;
  private readonly eraKey: string;
  /** Set while an edit is not known to Redis yet: until then nothing there can be believed. */
  private forgetting: NodeJS.Timeout | true | null = null;

  /** @param maxAgeMs after this time a page is read again, whoever read it */
  constructor(
    { url, prefix }: { url: string; prefix: string },
    private readonly maxAgeMs: number,
    logger: Logger,
  ) {
    this.prefix = `${prefix}:shows`;
    this.eraKey = `${this.prefix}:era`;
    this.client = createRedisClient({ url, name: 'modex-api-pages', whileAway: 'fail' }, logger);
  }

  /** Null: Redis is away or too slow. */
  async find(key: string): Promise<SharedAnswer | null> {
    if (this.forgetting !== null) return null;
    try {
      const [era, text] = await inTime(this.client.mGet([this.eraKey, this.pageKey(key)]));
      const page = text === null || text === undefined ? null : this.revive(text, era ?? '');
      return { era: era ?? '', page };
    } catch {
      return null;
    }
  }

  /** @param era in which the reading began */
  async keep(key: string, era: string, { until, readAt, ...page }: PageReading): Promise<void> {
    const age = performance.now() - readAt;
    const left = Math.floor(this.maxAgeMs - age);
    if (this.forgetting !== null || left <= 0) return;
    const kept: KeptPage = {
      ...page,
      era,
      readAt: Date.now() - age,
      until: until === Infinity ? null : until,
    };
    const expiration = { type: 'PX' as const, value: left };
    await this.client.set(this.pageKey(key), JSON.stringify(kept), { expiration }).catch(() => {});
  }

  /** Begins a new era: no page that is there counts any more. Goes on trying until Redis has it. */
  forget(): void {
    if (this.forgetting !== null && this.forgetting !== true) clearTimeout(this.forgetting);
    this.forgetting = true;
    this.client.set(this.eraKey, randomUUID()).then(
      () => (this.forgetting = null),
      () => {
        this.forgetting = setTimeout(() => this.forget(), RETRY_FORGETTING_MS).unref();
      },
    );
  }

  close(): void {
    if (this.forgetting !== null && this.forgetting !== true) clearTimeout(this.forgetting);
    closeRedisClient(this.client);
  }

  private pageKey(key: string): string {
    return `${this.prefix}:page:${createHash('sha1').update(key).digest('base64url')}`;
  }

  private revive(text: string, era: string): PageReading | null {
    const kept = JSON.parse(text, (key, value: unknown) =>
      DATES.has(key) && typeof value === 'string' ? new Date(value) : value,
    ) as KeptPage;
    if (kept.era !== era) return null;
    const age = Math.max(0, Date.now() - kept.readAt);
    if (age >= this.maxAgeMs) return null;
    return {
      shows: kept.shows,
      nextCursor: kept.nextCursor,
      limit: kept.limit,
      readAt: performance.now() - age,
      until: kept.until ?? Infinity,
    };
  }
}

async function inTime<Answer>(asked: Promise<Answer>): Promise<Answer> {
  const impatience = new AbortController();
  const tooLate = sleep(PATIENCE_MS, undefined, { signal: impatience.signal }).then(() => {
    throw new Error(`Redis did not answer within ${PATIENCE_MS} ms`);
  });
  try {
    return await Promise.race([asked, tooLate]);
  } finally {
    impatience.abort();
    // Whichever comes second is not waited for any more.
    asked.catch(() => {});
    tooLate.catch(() => {});
  }
}
