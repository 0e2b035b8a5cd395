import type { Logger } from '../logging/logger.js';
import type { FeedAdapter } from './feed-adapter.js';
import { createPostgresFeed } from './postgres-feed.js';
import { createRedisFeed } from './redis-feed.js';

export interface FeedSettings {
  /** A direct connection: a pooler in transaction mode cannot listen. */
  databaseUrl: string;
  /** Where it is given, the feed goes over Redis, and else over PostgreSQL. */
  redis?: { url: string; prefix: string };
}

/** @param name of the process, such as `modex api` */
export function createFeedAdapter(
  { databaseUrl, redis }: FeedSettings,
  name: string,
  logger: Logger,
): FeedAdapter {
  return redis
    ? createRedisFeed(redis.url, redis.prefix, name, logger)
    : createPostgresFeed(databaseUrl, name, logger);
}
