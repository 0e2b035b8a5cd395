import { setTimeout as sleep } from 'node:timers/promises';
import { createAdapter } from '@socket.io/postgres-adapter';
import pg from 'pg';
import type { Logger } from '../logging/logger.js';

/** One connection listens, the others notify. */
const POOL_SIZE = 3;
const CLOSE_PATIENCE_MS = 1_000;

/** Injection token of the process's feed. */
export const FEED = Symbol('FeedAdapter');

export interface FeedAdapter {
  adapter: ReturnType<typeof createAdapter>;
  close: () => Promise<void>;
}

/**
 * Joins the Socket.IO servers of all processes over PostgreSQL's LISTEN and NOTIFY.
 * @param url a direct connection: a pooler in transaction mode cannot listen
 */
export function createFeedAdapter(url: string, name: string, logger: Logger): FeedAdapter {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    application_name: `${name} feed`,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 5_000,
  });
  // Without listeners a connection that breaks, idle or listening, would end the process.
  const onLost = (error: Error) => logger.warn({ err: error }, 'change feed: connection lost');
  pool.on('error', onLost);
  pool.on('connect', (client) => client.on('error', onLost));
  const adapter = createAdapter(pool, {
    errorHandler: (error: Error) => logger.warn({ err: error }, 'change feed'),
  });
  // A listening connection that the adapter is just opening is not given back to the pool any more,
  // so the end of the pool is waited for only so long.
  const close = async () => {
    await Promise.race([pool.end(), sleep(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
  };
  return { adapter, close };
}
