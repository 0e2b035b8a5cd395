import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createBackplane } from '@modex/platform';
import { pino } from 'pino';
import { Server } from 'socket.io';
import { eventually } from '../../../test/eventually.js';
import { describeWith } from '../../../test/optional.js';
import { findRedisServer, REDIS_MISSING, RedisServer } from '../../../test/redis-server.js';

describeWith('the backplane over Redis', findRedisServer(), REDIS_MISSING, (program) => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start(program);
  });
  afterAll(() => redis.destroy());

  it('reports its subscription once, even if Redis was ready before the adapter subscribed', async () => {
    const settings = { databaseUrl: '', redis: { url: redis.url, prefix: 'test' } };
    const backplane = createBackplane(settings, 'test', pino({ level: 'silent' }));
    // As in a process that connects to its database first.
    await sleep(500);
    expect(backplane.isConnected()).toBe(false);
    const server = new Server({ adapter: backplane.adapter });
    server.of('/');
    let times = 0;
    backplane.onSubscribed(() => (times += 1));
    await eventually(() => expect(times).toBe(1));
    expect(backplane.isConnected()).toBe(true);
    await backplane.close();
  });
});
