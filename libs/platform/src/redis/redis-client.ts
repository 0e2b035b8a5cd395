import { createClient, type RedisClientType } from '@redis/client';
import type { Logger } from '../logging/logger.js';

/** Longest wait before the next try to connect again. Milliseconds. */
const MAX_RETRY_MS = 500;
const PROBE_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 3_000;

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
    socket: {
      connectTimeout: 2_000,
      // Of a connection that is not ready yet: after that whatever is written counts as life too.
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
  // Every failed try is an `error` event, and followed by another try.
  const connect = () => void client.connect().catch(() => {});
  connect();
  probe(client, (silence) => {
    onAway(silence);
    // It keeps its subscriptions.
    client.destroy();
    connect();
  });
  return client;
}

/** Asks as long as the client is open whether its connection still answers. */
function probe(client: RedisClient, onSilence: (error: Error) => void): void {
  setTimeout(() => {
    if (!client.isOpen) return;
    const asked = client.isReady
      ? hasAnswered(client.sendCommand(['PING']))
      : Promise.resolve(true);
    void asked.then((isAlive) => {
      if (!isAlive && client.isOpen) onSilence(new Error(`no answer in ${ANSWER_WITHIN_MS} ms`));
      probe(client, onSilence);
    });
  }, PROBE_EVERY_MS).unref();
}

/** Resolves to false where nothing comes, and to true where it fails: then the client knows. */
function hasAnswered(answer: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    // An answer that came while this process was busy is read before it is missed.
    const miss = () => setImmediate(() => resolve(false));
    const timer = setTimeout(miss, ANSWER_WITHIN_MS).unref();
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
