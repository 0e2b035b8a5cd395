import { createShardedAdapter } from '@socket.io/redis-adapter';
import type { Logger } from '../logging/logger.js';
import { closeRedisClient, createRedisClient } from '../redis/redis-client.js';
import type { FeedAdapter } from './feed-adapter.js';

type Subscriber = (message: Buffer, channel: Buffer) => void;

interface Subscription {
  channel: string;
  listener: Subscriber;
  hasFailed: boolean;
  /** Resolves also when it has failed. */
  made: Promise<unknown>;
}

/**
 * Joins the Socket.IO servers of all processes over Redis's sharded publish and subscribe, which a
 * Redis Cluster spreads over its nodes; Redis 7 or newer.
 *
 * @param prefix of every channel: installations that share a Redis have one each
 */
export function createRedisFeed(
  url: string,
  prefix: string,
  name: string,
  logger: Logger,
): FeedAdapter {
  const clientName = name.replaceAll(' ', '-');
  const publisher = createRedisClient(
    { url, name: `${clientName}-feed-out`, whileAway: 'fail' },
    logger,
  );
  const subscriber = createRedisClient(
    { url, name: `${clientName}-feed-in`, whileAway: 'keep' },
    logger,
  );
  let isClosed = false;
  const onFailure = (error: unknown) => {
    if (!isClosed) logger.warn({ err: error }, 'change feed');
  };
  const subscriptions: Subscription[] = [];
  // The client repeats what has succeeded once, and forgets what has failed.
  const attempt = (subscription: Subscription) => {
    const { channel, listener } = subscription;
    subscription.hasFailed = false;
    subscription.made = subscriber.sSubscribe(channel, listener, true).catch((error: unknown) => {
      subscription.hasFailed = true;
      onFailure(error);
    });
  };
  // All that the adapter asks of its clients. It does not wait for subscriptions, so one that failed
  // would end the process.
  const subscribe = {
    sSubscribe: (channel: string, listener: Subscriber) => {
      const subscription = { channel, listener, hasFailed: false, made: Promise.resolve() };
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
  // The first time what was to be subscribed is sent now; afterwards it has been, before this.
  const announce = () => {
    // Redis may be connected before the adapter has subscribed to anything.
    if (subscriptions.length === 0) return;
    for (const subscription of subscriptions) if (subscription.hasFailed) attempt(subscription);
    Promise.all(subscriptions.map(({ made }) => made))
      .then(() => {
        isSubscribed = !subscriptions.some(({ hasFailed }) => hasFailed);
        if (isSubscribed) listeners.forEach((listener) => listener());
      })
      .catch(onFailure);
  };
  subscriber.on('ready', announce);
  return {
    // A channel for each room, its other mode, would be a subscription for each visitor.
    adapter: createShardedAdapter(publish, subscribe, {
      channelPrefix: prefix,
      subscriptionMode: 'static',
    }),
    onListening: (listener) => {
      listeners.push(listener);
      if (subscriber.isReady) announce();
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
