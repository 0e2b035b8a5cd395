import { createClient, type RedisClientType } from '@redis/client';
import type { Logger } from '../logging/logger.js';

/** Longest wait before reconnecting. Milliseconds. */
const MAX_RETRY_MS = 500;
const PROBE_EVERY_MS = 2_000;
const PROBE_TIMEOUT_MS = 3_000;

export type RedisClient = RedisClientType;

export interface RedisSettings {
  /** `redis://…` or `rediss://…` */
  url: string;
  /** Shown in Redis's list of clients; without spaces. */
  name: string;
  /**
   * What happens to commands while Redis is away: they are kept until it is back, for subscriptions,
   * or fail at once.
   */
  whileAway: 'keep' | 'fail';
}

/**
 * A client that connects in the background and reconnects, and logs once that Redis is away and once
 * that it is back. It does not throw without a connection: everything works without Redis.
 */
export function createRedisClient(settings: RedisSettings, logger: Logger): RedisClient {
  const { url, name, whileAway } = settings;
  const client = createClient({
    url,
    name,
    disableOfflineQueue: whileAway === 'fail',
    socket: {
      connectTimeout: 2_000,
      // For connections that are not ready yet; on ready ones, writes reset this time-out.
      socketTimeout: 6_000,
      reconnectStrategy: (tries) =>
        Math.min(20 * 2 ** Math.min(tries, 10), MAX_RETRY_MS) * (0.75 + Math.random() / 2),
    },
  });
  let isAway = false;
  const onAway = (error: unknown) => {
    if (isAway) return;
    isAway = true;
    logger.warn({ err: error, connection: name }, 'Redis is away');
  };
  client.on('error', onAway);
  client.on('ready', () => {
    if (isAway) logger.info({ connection: name }, 'Redis is back');
    isAway = false;
  });
  // Every failed attempt emits `error` and is followed by another attempt.
  const connect = () => void client.connect().catch(() => {});
  connect();
  probe(client, (silence) => {
    onAway(silence);
    // The client keeps its subscriptions.
    client.destroy();
    connect();
  });
  return client;
}

/** Probes the connection as long as the client is open. */
function probe(client: RedisClient, onSilence: (error: Error) => void): void {
  setTimeout(() => {
    if (!client.isOpen) return;
    const probed = client.isReady
      ? hasAnswered(client.sendCommand(['PING']))
      : Promise.resolve(true);
    void probed.then((isAlive) => {
      if (!isAlive && client.isOpen) onSilence(new Error(`no answer in ${PROBE_TIMEOUT_MS} ms`));
      probe(client, onSilence);
    });
  }, PROBE_EVERY_MS).unref();
}

/** Resolves to false without an answer in time. An error is an answer: the client handles it. */
function hasAnswered(answer: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    // After a blocked event loop, an answer that has arrived is read first.
    const fail = () => setImmediate(() => resolve(false));
    const timer = setTimeout(fail, PROBE_TIMEOUT_MS).unref();
    const settle = () => {
      clearTimeout(timer);
      resolve(true);
    };
    answer.then(settle, settle);
  });
}

/** Closes the connection without waiting for answers. */
export function closeRedisClient(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}
