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

/** A slower answer of Redis is ignored: the cache only saves time. Milliseconds. */
const TIMEOUT_MS = 100;
const RETRY_INVALIDATION_MS = 500;

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

type StoredPage = Omit<PageReading, 'readAt' | 'until'> & {
  /** The generation in which its read began. */
  generation: string;
  /** When it was read, by the reader's clock. Milliseconds since 1970. */
  readAt: number;
  until: number | null;
};

/** The current generation, and the page if it is of this generation. */
export interface SharedAnswer {
  generation: string;
  page: PageReading | null;
}

/**
 * Pages of shows that all API instances share in Redis, so that a new instance starts warm. Every
 * edit of a show begins a new generation, and a page is valid only in the generation in which its
 * read began. Without Redis it finds and keeps nothing.
 */
export class SharedPages {
  private readonly client: RedisClient;
  private readonly prefix: string;
  private readonly generationKey: string;
  /** Set while an invalidation has not reached Redis: until then its pages are not used. */
  private invalidating: NodeJS.Timeout | true | null = null;

  /** @param maxAgeMs pages older than this are read again */
  constructor(
    { url, prefix }: { url: string; prefix: string },
    private readonly maxAgeMs: number,
    logger: Logger,
  ) {
    this.prefix = `${prefix}:shows`;
    this.generationKey = `${this.prefix}:generation`;
    this.client = createRedisClient({ url, name: 'modex-api-pages', whileAway: 'fail' }, logger);
  }

  /** @returns null when Redis is away or too slow */
  async find(key: string): Promise<SharedAnswer | null> {
    if (this.invalidating !== null) return null;
    try {
      const [generation, text] = await inTime(
        this.client.mGet([this.generationKey, this.pageKey(key)]),
      );
      const page = text === null || text === undefined ? null : this.parse(text, generation ?? '');
      return { generation: generation ?? '', page };
    } catch {
      return null;
    }
  }

  /** @param generation in which the read began */
  async keep(
    key: string,
    generation: string,
    { until, readAt, ...page }: PageReading,
  ): Promise<void> {
    const age = performance.now() - readAt;
    const left = Math.floor(this.maxAgeMs - age);
    if (this.invalidating !== null || left <= 0) return;
    const stored: StoredPage = {
      ...page,
      generation,
      readAt: Date.now() - age,
      until: until === Infinity ? null : until,
    };
    const expiration = { type: 'PX' as const, value: left };
    await this.client
      .set(this.pageKey(key), JSON.stringify(stored), { expiration })
      .catch(() => {});
  }

  /** Begins a new generation, retrying until Redis has it: all stored pages become invalid. */
  invalidate(): void {
    if (this.invalidating !== null && this.invalidating !== true) clearTimeout(this.invalidating);
    this.invalidating = true;
    this.client.set(this.generationKey, randomUUID()).then(
      () => (this.invalidating = null),
      () => {
        this.invalidating = setTimeout(() => this.invalidate(), RETRY_INVALIDATION_MS).unref();
      },
    );
  }

  close(): void {
    if (this.invalidating !== null && this.invalidating !== true) clearTimeout(this.invalidating);
    closeRedisClient(this.client);
  }

  private pageKey(key: string): string {
    return `${this.prefix}:page:${createHash('sha1').update(key).digest('base64url')}`;
  }

  private parse(text: string, generation: string): PageReading | null {
    const stored = JSON.parse(text, (key, value: unknown) =>
      DATES.has(key) && typeof value === 'string' ? new Date(value) : value,
    ) as StoredPage;
    if (stored.generation !== generation) return null;
    const age = Math.max(0, Date.now() - stored.readAt);
    if (age >= this.maxAgeMs) return null;
    return {
      shows: stored.shows,
      nextCursor: stored.nextCursor,
      limit: stored.limit,
      readAt: performance.now() - age,
      until: stored.until ?? Infinity,
    };
  }
}

async function inTime<Answer>(asked: Promise<Answer>): Promise<Answer> {
  const timer = new AbortController();
  const tooLate = sleep(TIMEOUT_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`Redis did not answer within ${TIMEOUT_MS} ms`);
  });
  try {
    return await Promise.race([asked, tooLate]);
  } finally {
    timer.abort();
    // The loser of the race may still reject.
    asked.catch(() => {});
    tooLate.catch(() => {});
  }
}
