import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';

type Count = Awaited<ReturnType<ThrottlerStorage['increment']>>;

interface Window {
  hits: number;
  /** By this process's monotonic clock. Milliseconds. */
  endsAt: number;
}

const SWEEP_EVERY_MS = 60_000;

/**
 * Counts requests in windows that begin with a client's first request: a number and a time for each
 * client. The throttler's own storage keeps a time for every request and goes through all of them
 * at each, which cost a read from the cache a sixth of its time.
 */
@Injectable()
export class RequestCounts implements ThrottlerStorage, OnApplicationShutdown {
  private readonly windows = new Map<string, Window>();
  private readonly timer = setInterval(() => this.sweep(), SWEEP_EVERY_MS).unref();

  /** @param ttl how long a window is, in milliseconds */
  async increment(key: string, ttl: number, limit: number): Promise<Count> {
    const now = performance.now();
    let window = this.windows.get(key);
    if (!window || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + ttl };
      this.windows.set(key, window);
    }
    window.hits += 1;
    const seconds = Math.ceil((window.endsAt - now) / 1_000);
    const isBlocked = window.hits > limit;
    return {
      totalHits: window.hits,
      timeToExpire: seconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? seconds : 0,
    };
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private sweep(): void {
    const now = performance.now();
    for (const [key, { endsAt }] of this.windows) if (endsAt <= now) this.windows.delete(key);
  }
}
