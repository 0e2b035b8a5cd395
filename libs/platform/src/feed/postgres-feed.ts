import { setTimeout as sleep } from 'node:timers/promises';
import { createAdapter } from '@socket.io/postgres-adapter';
import pg from 'pg';
import type { Logger } from '../logging/logger.js';
import type { FeedAdapter } from './feed-adapter.js';

/** One connection listens, the others notify. */
const POOL_SIZE = 3;
const CLOSE_PATIENCE_MS = 1_000;
/** A new connection has begun to listen after this time. */
const LISTEN_MS = 200;

/**
 * Joins the Socket.IO servers of all processes over PostgreSQL's LISTEN and NOTIFY.
 * @param url a direct connection: a pooler in transaction mode cannot listen
 */
export function createPostgresFeed(url: string, name: string, logger: Logger): FeedAdapter {
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
  const listeners: (() => void)[] = [];
  let listening = 0;
  const connect = async () => {
    const client = await pool.connect();
    // The adapter opens another one when this one ends, but does not give this one back: without
    // this a few lost connections would use up the pool.
    client.once('end', () => {
      listening -= 1;
      client.release(true);
    });
    listening += 1;
    setTimeout(() => listeners.forEach((listener) => listener()), LISTEN_MS);
    return client;
  };
  const query = (sql: string, values: unknown[]) => pool.query(sql, values);
  // All that the adapter asks of a pool: a connection to listen on, and queries.
  const adapter = createAdapter({ connect, query } as unknown as pg.Pool, {
    errorHandler: (error: Error) => logger.warn({ err: error }, 'change feed'),
  });
  // A listening connection that the adapter is just opening is not given back to the pool any more,
  // so the end of the pool is waited for only so long.
  const close = async () => {
    await Promise.race([pool.end(), sleep(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
  };
  return {
    adapter,
    onListening: (listener) => listeners.push(listener),
    over: 'postgresql',
    isConnected: () => listening > 0,
    close,
  };
}
