import { setTimeout as sleep } from 'node:timers/promises';
import { createAdapter } from '@socket.io/postgres-adapter';
import pg from 'pg';
import type { Logger } from '../logging/logger.js';
import type { FeedAdapter } from './feed-adapter.js';
import { PostgresListener } from './postgres-listener.js';

/** Connections that notify. */
const POOL_SIZE = 2;
const CONNECT_WITHIN_MS = 3_000;
/** A connection that does not answer in this time is given up, and what it was to say is lost. */
const ANSWER_WITHIN_MS = 4_000;
const CLOSE_PATIENCE_MS = 1_000;

/**
 * Joins the Socket.IO servers of all processes over PostgreSQL's LISTEN and NOTIFY.
 * @param url a direct connection: a pooler in transaction mode cannot listen
 */
export function createPostgresFeed(url: string, name: string, logger: Logger): FeedAdapter {
  const connection: pg.ClientConfig = {
    connectionString: url,
    application_name: `${name} feed`,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
  };
  const listener = new PostgresListener(connection);
  listener.on('lost', (error) => logger.warn({ err: error }, 'change feed: connection lost'));

  const pool = new pg.Pool({ ...connection, max: POOL_SIZE, query_timeout: ANSWER_WITHIN_MS });
  // Without listeners a connection that breaks while it is idle would end the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'change feed: connection lost'));
  // The adapter notifies at least every 5 s, so this is as new as that.
  let isHeard = false;
  const query = async (sql: string, values: unknown[]) => {
    try {
      const result = await pool.query(sql, values);
      isHeard = true;
      return result;
    } catch (error) {
      isHeard = false;
      throw error;
    }
  };
  // All that the adapter asks of a pool: queries, and a connection to listen on. It is given one that
  // never ends, since after a failed LISTEN it would connect twice, and hear everything twice.
  const connect = () =>
    Promise.resolve({
      on: (event: string, hear: (notification: pg.Notification) => void) => {
        if (event === 'notification') listener.on('notification', hear);
      },
      query: async (statement: string) => listener.listen(statement),
      removeAllListeners: () => {},
      release: () => {},
    });
  const adapter = createAdapter({ connect, query } as unknown as pg.Pool, {
    errorHandler: (error: Error) => logger.warn({ err: error }, 'change feed'),
  });
  return {
    adapter,
    onListening: (listen) => {
      listener.on('listening', listen);
      if (listener.isListening) listen();
    },
    over: 'postgresql',
    isConnected: () => isHeard && listener.isListening,
    // A connection that does not answer does not keep the process from its end.
    close: async () => {
      const closed = Promise.all([listener.close(), pool.end()]);
      await Promise.race([closed, sleep(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}
