import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createFeedAdapter } from '@modex/platform';
import { pino } from 'pino';
import { Server } from 'socket.io';
import { eventually } from '../../../test/eventually.js';
import { describeWith } from '../../../test/optional.js';
import { findRedisServer, REDIS_MISSING, RedisServer } from '../../../test/redis-server.js';

describeWith('a feed over Redis', findRedisServer(), REDIS_MISSING, (program) => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start(program);
  });
  afterAll(() => redis.destroy());

  it('says that it listens, and only when it does, however early Redis was connected', async () => {
    const settings = { databaseUrl: '', redis: { url: redis.url, prefix: 'test' } };
    const feed = createFeedAdapter(settings, 'test', pino({ level: 'silent' }));
    // As in a process whose database takes longer to be connected.
    await sleep(500);
    expect(feed.isConnected()).toBe(false);
    const server = new Server({ adapter: feed.adapter });
    server.of('/');
    let times = 0;
    feed.onListening(() => (times += 1));
    await eventually(() => expect(times).toBe(1));
    expect(feed.isConnected()).toBe(true);
    await feed.close();
  });
});
