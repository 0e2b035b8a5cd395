import { setTimeout as sleep } from 'node:timers/promises';
import { createAdapter } from '@socket.io/postgres-adapter';
import pg from 'pg';
import type { Logger } from '../logging/logger.js';
import type { Backplane } from './backplane.js';
import { PostgresListener } from './postgres-listener.js';

/** Connections for NOTIFY. */
const POOL_SIZE = 2;
const CONNECT_TIMEOUT_MS = 3_000;
/** A query that takes longer fails, and its message is lost. */
const QUERY_TIMEOUT_MS = 4_000;
const CLOSE_TIMEOUT_MS = 1_000;

/**
 * A backplane over PostgreSQL's LISTEN and NOTIFY.
 * @param url a direct connection: a pooler in transaction mode does not support LISTEN
 */
export function createPostgresBackplane(url: string, name: string, logger: Logger): Backplane {
  const connection: pg.ClientConfig = {
    connectionString: url,
    application_name: `${name} backplane`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  };
  const listener = new PostgresListener(connection);
  listener.on('lost', (error) => logger.warn({ err: error }, 'backplane: connection lost'));

  const pool = new pg.Pool({ ...connection, max: POOL_SIZE, query_timeout: QUERY_TIMEOUT_MS });
  // Without a listener, an idle connection that breaks would end the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'backplane: connection lost'));
  // Whether the last NOTIFY succeeded; the adapter sends one at least every 5 s.
  let isPublishing = false;
  const query = async (sql: string, values: unknown[]) => {
    try {
      const result = await pool.query(sql, values);
      isPublishing = true;
      return result;
    } catch (error) {
      isPublishing = false;
      throw error;
    }
  };
  // The parts of a pool that the adapter uses: queries, and a connection for LISTEN. It gets one that
  // never ends: after a failed LISTEN it would connect twice and receive everything twice.
  const connect = () =>
    Promise.resolve({
      on: (event: string, receive: (notification: pg.Notification) => void) => {
        if (event === 'notification') listener.on('notification', receive);
      },
      query: async (statement: string) => listener.listen(statement),
      removeAllListeners: () => {},
      release: () => {},
    });
  const adapter = createAdapter({ connect, query } as unknown as pg.Pool, {
    errorHandler: (error: Error) => logger.warn({ err: error }, 'backplane'),
  });
  return {
    adapter,
    onSubscribed: (notify) => {
      listener.on('listening', notify);
      if (listener.isListening) notify();
    },
    over: 'postgresql',
    isConnected: () => isPublishing && listener.isListening,
    // A silent connection must not delay the end of the process.
    close: async () => {
      const closed = Promise.all([listener.close(), pool.end()]);
      await Promise.race([closed, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    },
  };
}
