import { createShardedAdapter } from '@socket.io/redis-adapter';
import type { Logger } from '../logging/logger.js';
import { closeRedisClient, createRedisClient } from '../redis/redis-client.js';
import type { Backplane } from './backplane.js';

type Subscriber = (message: Buffer, channel: Buffer) => void;

interface Subscription {
  channel: string;
  listener: Subscriber;
  hasFailed: boolean;
  /** Resolves also on failure. */
  settled: Promise<unknown>;
}

/**
 * A backplane over Redis's sharded pub/sub, which a Redis Cluster spreads over its nodes; Redis 7 or
 * newer.
 *
 * @param prefix of every channel, for installations that share a Redis
 */
export function createRedisBackplane(
  url: string,
  prefix: string,
  name: string,
  logger: Logger,
): Backplane {
  const clientName = name.replaceAll(' ', '-');
  const publisher = createRedisClient(
    { url, name: `${clientName}-publisher`, whileAway: 'fail' },
    logger,
  );
  const subscriber = createRedisClient(
    { url, name: `${clientName}-subscriber`, whileAway: 'keep' },
    logger,
  );
  let isClosed = false;
  const onFailure = (error: unknown) => {
    if (!isClosed) logger.warn({ err: error }, 'backplane');
  };
  const subscriptions: Subscription[] = [];
  // After a reconnect the client repeats successful subscriptions, but not failed ones.
  const attempt = (subscription: Subscription) => {
    const { channel, listener } = subscription;
    subscription.hasFailed = false;
    subscription.settled = subscriber
      .sSubscribe(channel, listener, true)
      .catch((error: unknown) => {
        subscription.hasFailed = true;
        onFailure(error);
      });
  };
  // The parts of the clients that the adapter uses. It does not await subscriptions, so a rejected one
  // would end the process.
  const subscribe = {
    sSubscribe: (channel: string, listener: Subscriber) => {
      const subscription = { channel, listener, hasFailed: false, settled: Promise.resolve() };
      subscriptions.push(subscription);
      attempt(subscription);
    },
    sUnsubscribe: (channel: string) => void subscriber.sUnsubscribe(channel).catch(onFailure),
  };
  const publish = {
    ...subscribe,
    sPublish: (channel: string, message: string | Buffer) => publisher.sPublish(channel, message),
  };
  const listeners: (() => void)[] = [];
  let isSubscribed = false;
  const onReady = () => {
    // Redis may be ready before the adapter has subscribed.
    if (subscriptions.length === 0) return;
    for (const subscription of subscriptions) if (subscription.hasFailed) attempt(subscription);
    Promise.all(subscriptions.map(({ settled }) => settled))
      .then(() => {
        isSubscribed = !subscriptions.some(({ hasFailed }) => hasFailed);
        if (isSubscribed) listeners.forEach((listener) => listener());
      })
      .catch(onFailure);
  };
  subscriber.on('ready', onReady);
  return {
    // The dynamic mode would subscribe to a channel for each room.
    adapter: createShardedAdapter(publish, subscribe, {
      channelPrefix: prefix,
      subscriptionMode: 'static',
    }),
    onSubscribed: (listener) => {
      listeners.push(listener);
      if (subscriber.isReady) onReady();
    },
    over: 'redis',
    isConnected: () => isSubscribed && publisher.isReady && subscriber.isReady,
    close: async () => {
      isClosed = true;
      closeRedisClient(publisher);
      closeRedisClient(subscriber);
    },
  };
}
