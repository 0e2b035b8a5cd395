import type { Logger } from '../logging/logger.js';
import type { Backplane } from './backplane.js';
import { createPostgresBackplane } from './postgres-backplane.js';
import { createRedisBackplane } from './redis-backplane.js';

export interface BackplaneSettings {
  /** A direct connection: a pooler in transaction mode does not support LISTEN. */
  databaseUrl: string;
  /** Redis is the backplane when it is set, PostgreSQL otherwise. */
  redis?: { url: string; prefix: string };
}

/** @param name of the process, such as `modex api` */
export function createBackplane(
  { databaseUrl, redis }: BackplaneSettings,
  name: string,
  logger: Logger,
): Backplane {
  return redis
    ? createRedisBackplane(redis.url, redis.prefix, name, logger)
    : createPostgresBackplane(databaseUrl, name, logger);
}
