import { createClient, type RedisClientType } from '@redis/client';
import type { Logger } from '../logging/logger.js';

/** Longest wait before the next try to connect again. Milliseconds. */
const MAX_RETRY_MS = 500;

export type RedisClient = RedisClientType;

export interface RedisSettings {
  /** `redis://…` or `rediss://…` */
  url: string;
  /** Shown in Redis's list of clients; without spaces. */
  name: string;
  /**
   * While Redis is away: keep commands until it is back, as subscriptions want it; or fail them at
   * once, as everything wants that would be out of date by then.
   */
  whileAway: 'keep' | 'fail';
}

/**
 * A client that connects at once and again by itself whenever it is cut off, and says once that
 * Redis is away and once that it is back. It never throws for want of a connection: Redis is a
 * help, and everything here works without it.
 */
export function createRedisClient(settings: RedisSettings, logger: Logger): RedisClient {
  const { url, name, whileAway } = settings;
  const client = createClient({
    url,
    name,
    disableOfflineQueue: whileAway === 'fail',
    // A network that swallows answers is noticed by the missing ones.
    pingInterval: 2_000,
    socket: {
      connectTimeout: 2_000,
      socketTimeout: 6_000,
      reconnectStrategy: (tries) =>
        Math.min(20 * 2 ** Math.min(tries, 10), MAX_RETRY_MS) * (0.75 + Math.random() / 2),
    },
  });
  let isAway = false;
  client.on('error', (error: unknown) => {
    if (isAway) return;
    isAway = true;
    logger.warn({ err: error, connection: name }, 'Redis is away');
  });
  client.on('ready', () => {
    if (isAway) logger.info({ connection: name }, 'Redis is back');
    isAway = false;
  });
  // Every failed try is an `error` event, and followed by another try.
  client.connect().catch(() => {});
  return client;
}

/** Closes the connection without waiting for answers. */
export function closeRedisClient(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}
