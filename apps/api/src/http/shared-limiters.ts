import { closeRedisClient, createRedisClient, LOGGER, type Logger } from '@modex/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  RateLimiterRedis,
  RLWrapperTimeouts,
  type IRateLimiterRedisOptions,
} from 'rate-limiter-flexible';
import { ApiConfig } from '../config/api-config.js';

/** A slower answer of Redis counts as an outage. Milliseconds. */
const TIMEOUT_MS = 250;

export type SharedLimiter = RLWrapperTimeouts;
export type LimiterOptions = Pick<
  IRateLimiterRedisOptions,
  'points' | 'duration' | 'inMemoryBlockOnConsumed' | 'customIncrTtlLuaScript'
>;

/** Makes rate limiters that all API instances share in Redis. */
@Injectable()
export class SharedLimiters implements OnApplicationShutdown {
  private readonly redis;

  constructor({ redis }: ApiConfig, @Inject(LOGGER) logger: Logger) {
    this.redis = redis && {
      prefix: redis.prefix,
      client: createRedisClient(
        { url: redis.url, name: 'modex-api-limits', whileAway: 'fail' },
        logger,
      ),
    };
  }

  /** @returns null without `REDIS_URL`. Its methods reject while Redis is away. */
  create(name: string, options: LimiterOptions): SharedLimiter | null {
    if (!this.redis) return null;
    const limiter = new RateLimiterRedis({
      ...options,
      storeClient: this.redis.client,
      useRedisPackage: true,
      keyPrefix: `${this.redis.prefix}:limits:${name}`,
    });
    return new RLWrapperTimeouts({ limiter, timeoutMs: TIMEOUT_MS });
  }

  onApplicationShutdown(): void {
    if (this.redis) closeRedisClient(this.redis.client);
  }
}
