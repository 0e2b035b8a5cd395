import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { TcpProxy } from '../../../libs/domain/test/support/tcp-proxy.js';
import { eventually } from '../../../test/eventually.js';
import { Installation } from '../../../test/installation.js';
import { describeWith } from '../../../test/optional.js';
import {
  findRabbitServer,
  newPrefix,
  QUEUES_ARE_WRITTEN_MS,
  RABBITMQ_MISSING,
  RabbitServer,
} from '../../../test/rabbitmq-server.js';
import { observeQueues } from '../src/outbox/queue-metrics.js';
import type { TracedEvent } from '../src/outbox/transports/event-transport.js';
import { createRabbitConnection } from '../src/outbox/transports/rabbit-connection.js';
import { RabbitConsumer } from '../src/outbox/transports/rabbit-consumer.js';
import {
  deadLettersOf,
  exchangeOf,
  queueOf,
  queueState,
} from '../src/outbox/transports/rabbit-topology.js';
import { RecordingHandler } from './support/recording-handler.js';
import { RelayHarness, RETRIES } from './support/relay-harness.js';
import { RabbitFixture } from './support/transport-fixtures.js';

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** As a relay has them that claimed them. */
function eventsOfOneShow(count: number): TracedEvent[] {
  const aggregateId = uuidv7();
  return Array.from({ length: count }, (_, i) => ({
    event: {
      id: uuidv7(),
      type: 'booking.held',
      aggregateId,
      version: i + 1,
      payload: {},
      createdAt: new Date().toISOString(),
    },
    traceParent: null,
  }));
}

const WITHIN_MS = 30_000;
const EVENTS_PER_SECOND = 1_000;
/** A process that is told to end has so much time before it is cut off. */
const END_MS = 9_000;

describeWith('a RabbitMQ that comes and goes', findRabbitServer(), RABBITMQ_MISSING, (programs) => {
  let broker: RabbitServer;
  let harness: RelayHarness;
  let fixture: RabbitFixture;
  let handler: RecordingHandler;
  beforeAll(async () => {
    [broker, harness] = await Promise.all([RabbitServer.start(programs), RelayHarness.open()]);
  }, 60_000);
  afterAll(async () => {
    await harness.close();
    await broker.destroy();
  });
  beforeEach(() => {
    fixture = new RabbitFixture(broker.url, harness);
    handler = new RecordingHandler();
    harness.log.length = 0;
  });
  afterEach(async () => {
    await harness.stopRelays();
    await fixture.close();
    await harness.domain.database.query('TRUNCATE outbox');
  });
  const unpublished = () => harness.count('published_at IS NULL');
  const timesLogged = (message: string) => harness.log.filter(({ msg }) => msg === message).length;

  it('gets nothing before there is a queue for it', async () => {
    harness.startRelay(fixture.newTransportWithoutHandler());
    const id = await harness.write(50);
    await eventually(() =>
      expect(timesLogged('there is no queue for events yet, so they stay in the outbox')).toBe(1),
    );
    expect(await unpublished()).toBe(50);
    fixture.newTransport(handler);
    await eventually(() => expect(handler.versionsOf(id)).toHaveLength(50), WITHIN_MS);
    expect(await harness.count('attempts > 0')).toBe(0);
    expect(timesLogged('there is a queue for events now')).toBe(1);
  });

  it('gets the events of an aggregate in their order while a queue comes', async () => {
    const connection = createRabbitConnection(broker.url, harness.logger);
    try {
      const { prefix } = fixture;
      const queue = queueOf(prefix, handler.name);
      const transport = fixture.newTransport(handler);
      const publish = (run: TracedEvent[]) => transport.publish(run, () => false);
      const publishOne = async () => (await publish(eventsOfOneShow(1))).published;
      await eventually(async () => expect(await publishOne()).toBe(1));
      const binding = { queue, exchange: exchangeOf(prefix), routingKey: '#' };
      for (let round = 0; round < 8; round++) {
        await connection.queueUnbind(binding);
        // It learns that there is no queue, as at its start.
        await eventually(async () => expect(await publishOne()).toBe(0));
        const bound = connection.queueBind(binding);
        // One of them is under way in the moment that counts.
        const runs = Array.from({ length: 20 }, () => eventsOfOneShow(40));
        const tries: ReturnType<typeof publish>[] = [];
        for (const run of runs) {
          tries.push(publish(run));
          await new Promise(setImmediate);
        }
        await bound;
        for (const [i, { published }] of (await Promise.all(tries)).entries()) {
          await publish(runs[i]!.slice(published));
        }
        const versions = () => runs.map((run) => handler.versionsOf(run[0]!.event.aggregateId));
        await eventually(() => expect(versions().flat()).toHaveLength(20 * 40), WITHIN_MS);
        for (const each of versions()) expect(each).toEqual(upTo(40));
      }
    } finally {
      await connection.close();
    }
  }, 60_000);

  it('makes the outbox grow while it is away, and drain it quickly when it is back', async () => {
    harness.startRelay(fixture.newTransport(handler));
    const first = await harness.write(10);
    await eventually(() => expect(handler.versionsOf(first)).toHaveLength(10), WITHIN_MS);
    await sleep(QUEUES_ARE_WRITTEN_MS);
    await broker.kill();
    await harness.writeMany(500, 20);
    await sleep(2_000);
    expect(await unpublished()).toBe(10_000);
    expect(await harness.count('attempts > 0')).toBe(0);
    await broker.start();
    await eventually(() => expect(timesLogged('RabbitMQ is back')).toBe(1), WITHIN_MS);
    const since = performance.now();
    await eventually(async () => expect(await unpublished()).toBe(0), WITHIN_MS);
    const perSecond = 10_000 / ((performance.now() - since) / 1_000);
    process.stdout.write(`RabbitMQ is back: ${perSecond.toFixed(0)} events/s\n`);
    expect(perSecond).toBeGreaterThan(EVENTS_PER_SECOND);
    // What the kill has repeated is in it twice.
    const handled = () => new Set(handler.handled.map(({ id }) => id)).size;
    await eventually(() => expect(handled()).toBe(10_010), WITHIN_MS);
    expect(timesLogged('RabbitMQ is away')).toBe(1);
  }, 90_000);

  it('does not keep a worker from its end, though it says nothing', async () => {
    const network = await TcpProxy.open(broker.url);
    const silent = new RabbitFixture(network.through(broker.url), harness);
    try {
      harness.startRelay(silent.newTransport(handler));
      const id = await harness.write(1);
      await eventually(() => expect(handler.versionsOf(id)).toHaveLength(1), WITHIN_MS);
      network.swallowAnswers();
      await harness.write(5);
      await eventually(async () =>
        expect(await harness.count('claimed_until IS NOT NULL')).toBe(5),
      );
      const since = performance.now();
      await Promise.all([harness.stopRelays(), silent.close()]);
      expect(performance.now() - since).toBeLessThan(END_MS);
      expect(await unpublished()).toBe(5);
    } finally {
      await network.close();
    }
  }, 60_000);

  it('is told by its metrics: what waits, who consumes, what is dead, whoever put it there', async () => {
    const connection = createRabbitConnection(broker.url, harness.logger);
    const { prefix } = fixture;
    const registry = new Registry();
    observeQueues(registry, connection, prefix, [handler.name]);
    const figure = (name: string, count: number) =>
      eventually(async () =>
        expect(await registry.metrics()).toContain(`${name}{handler="recorder"} ${count}\n`),
      );
    try {
      // Nobody has made a queue yet.
      await figure('modex_queue_consumers', 0);
      fixture.newTransport(handler);
      await figure('modex_queue_consumers', 1);
      await figure('modex_queue_messages', 0);
      await figure('modex_dead_letters', 0);
      const publisher = connection.createPublisher({ confirm: true });
      await publisher.send(deadLettersOf(prefix, handler.name), 'as the broker does');
      await figure('modex_dead_letters', 1);
      await fixture.closeConsumers();
      await figure('modex_queue_consumers', 0);
      await publisher.send(queueOf(prefix, handler.name), 'nobody takes it');
      await figure('modex_queue_messages', 1);
      await publisher.close();
      connection.unsafeDestroy();
      await eventually(async () =>
        expect(await registry.metrics()).toContain('modex_queue_messages{handler="recorder"} Nan'),
      );
    } finally {
      connection.unsafeDestroy();
    }
  });

  it('gets its consumer when it was connected long before, and whenever its queue was deleted', async () => {
    const { prefix } = fixture;
    const connection = createRabbitConnection(broker.url, harness.logger);
    const queue = queueOf(prefix, handler.name);
    const isConsumed = () =>
      eventually(
        async () => expect((await queueState(connection, queue))?.consumers).toBe(1),
        WITHIN_MS,
      );
    try {
      await eventually(() => expect(connection.ready).toBe(true));
      const consumer = new RabbitConsumer(connection, prefix, handler, harness.logger);
      try {
        await isConsumed();
        for (let n = 0; n < 3; n++) {
          await connection.queueDelete(queue);
          await isConsumed();
        }
      } finally {
        await consumer.close();
      }
    } finally {
      connection.unsafeDestroy();
    }
  }, 60_000);

  it('is listened to again at once when it is back, whatever waits for its retry', async () => {
    const retries = { ...RETRIES, retryDelayMs: () => 120_000 };
    const patient = new RabbitFixture(broker.url, harness, retries);
    try {
      const failing = await harness.write(1);
      handler.failFor(failing, 1, 1);
      harness.startRelay(patient.newTransport(handler));
      await eventually(() => expect(handler.attempts).toBe(1), WITHIN_MS);
      await sleep(QUEUES_ARE_WRITTEN_MS);
      await broker.kill();
      await broker.start();
      const other = await harness.write(1);
      await eventually(() => {
        expect(handler.versionsOf(other)).toEqual([1]);
        expect(handler.versionsOf(failing)).toEqual([1]);
      }, WITHIN_MS);
    } finally {
      await harness.stopRelays();
      await patient.close();
    }
  }, 90_000);
});

describeWith(
  'a worker whose database is further away than RabbitMQ',
  findRabbitServer(),
  RABBITMQ_MISSING,
  (programs) => {
    let broker: RabbitServer;
    let installation: Installation;
    let network: TcpProxy;
    beforeAll(async () => {
      [broker, installation] = await Promise.all([
        RabbitServer.start(programs),
        Installation.create(),
      ]);
      network = await TcpProxy.open(installation.database.url, 5);
    }, 60_000);
    afterAll(async () => {
      await installation.stop();
      await network.close();
      await broker.destroy();
    });

    it('answers a scrape while RabbitMQ is silent, and says what is missing', async () => {
      const silent = await TcpProxy.open(broker.url);
      try {
        const worker = await installation.startWorker({ AMQP_URL: silent.through(broker.url) });
        const url = `http://127.0.0.1:${String(worker.started['port'])}/metrics`;
        const scrape = async () => (await fetch(url)).text();
        await eventually(async () =>
          expect(await scrape()).toContain('modex_queue_consumers{handler="notifications"} 1'),
        );
        silent.swallowAnswers();
        for (let n = 0; n < 2; n++) {
          const since = performance.now();
          const text = await scrape();
          expect(performance.now() - since).toBeLessThan(3_000);
          expect(text).toContain('\nmodex_outbox_depth 0\n');
          expect(text).toContain('modex_scrape_missing{metric="modex_queue_consumers"} 1');
          expect(text).not.toContain('modex_queue_consumers{');
        }
      } finally {
        await silent.close();
      }
    });

    it('consumes events, however early RabbitMQ was connected', async () => {
      const connection = createRabbitConnection(broker.url, pino({ level: 'silent' }));
      try {
        const prefixes = upTo(3).map(() => newPrefix());
        await Promise.all(
          prefixes.map((prefix) =>
            installation.startWorker({
              DATABASE_URL: network.through(installation.database.applicationUrl),
              AMQP_URL: broker.url,
              AMQP_PREFIX: prefix,
            }),
          ),
        );
        await eventually(async () => {
          const queues = await Promise.all(
            prefixes.map((prefix) => queueState(connection, queueOf(prefix, 'notifications'))),
          );
          expect(queues.map((queue) => queue?.consumers)).toEqual([1, 1, 1]);
        }, WITHIN_MS);
      } finally {
        await connection.close();
      }
    }, 60_000);
  },
);

describeWith(
  'a RabbitMQ without quorum queues',
  findRabbitServer(),
  RABBITMQ_MISSING,
  (programs) => {
    let broker: RabbitServer;
    let harness: RelayHarness;
    beforeAll(async () => {
      [broker, harness] = await Promise.all([
        // As a server that is older than them, or one that was upgraded and not told to have them.
        RabbitServer.start(programs, { RABBITMQ_FEATURE_FLAGS: '' }),
        RelayHarness.open(),
      ]);
    }, 60_000);
    afterAll(async () => {
      await harness.close();
      await broker.destroy();
    });

    it('carries events in classic ones', async () => {
      const fixture = new RabbitFixture(broker.url, harness);
      const handler = new RecordingHandler();
      harness.startRelay(fixture.newTransport(handler));
      const id = await harness.write(50);
      await eventually(() => expect(handler.versionsOf(id)).toHaveLength(50), WITHIN_MS);
      await harness.stopRelays();
      await fixture.close();
    }, 60_000);
  },
);
