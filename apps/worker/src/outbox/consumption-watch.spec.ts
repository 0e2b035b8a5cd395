import { beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Connection } from 'rabbitmq-client';
import { ConsumptionWatch } from './consumption-watch.js';

describe('a watch over a consumer', () => {
  const log: string[] = [];
  const logger = pino({}, { write: (line) => log.push((JSON.parse(line) as { msg: string }).msg) });
  const connection = { ready: true };
  const consumer = { name: 'a handler', isConsuming: true, restarts: 0, restart: () => {} };
  let watch: ConsumptionWatch;
  beforeEach(() => {
    log.length = 0;
    connection.ready = true;
    consumer.isConsuming = true;
    consumer.restarts = 0;
    consumer.restart = () => (consumer.restarts += 1);
    watch = new ConsumptionWatch(connection as Connection, consumer, logger);
  });

  it('says nothing of a moment without it', () => {
    consumer.isConsuming = false;
    watch.check();
    consumer.isConsuming = true;
    watch.check();
    expect([watch.isStuck, consumer.restarts, log]).toEqual([false, 0, []]);
  });

  it('starts it again, and says once that it is missing and once that it is back', () => {
    consumer.isConsuming = false;
    for (let n = 0; n < 4; n++) watch.check();
    expect(watch.isStuck).toBe(true);
    expect(consumer.restarts).toBe(3);
    consumer.isConsuming = true;
    watch.check();
    expect(watch.isStuck).toBe(false);
    expect(log).toEqual(['events are not consumed', 'events are consumed again']);
  });

  it('leaves it to the connection to say that RabbitMQ is away', () => {
    connection.ready = false;
    consumer.isConsuming = false;
    for (let n = 0; n < 4; n++) watch.check();
    expect([watch.isStuck, log]).toEqual([false, []]);
  });
});
