import type { EventHandler } from '@modex/domain';
import type { HealthChecks, Logger, Tracing } from '@modex/platform';
import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import type { Connection } from 'rabbitmq-client';
import { ConsumptionWatch } from './consumption-watch.js';
import { RabbitConsumer } from './transports/rabbit-consumer.js';

/** Interval of the check that events are consumed. Milliseconds. */
const CHECK_MS = 5_000;

export interface EventConsumersOptions {
  connection: Connection;
  /** Before the name of every queue. */
  prefix: string;
  /** The handlers of this process. */
  handlers: readonly EventHandler[];
  logger: Logger;
  health: HealthChecks;
  tracing: Tracing | null;
}

/** Consumes the queues of this process's handlers, and closes the connection at shutdown. */
export class EventConsumers implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly connection: Connection;
  private readonly consumers: RabbitConsumer[];
  private readonly checking: NodeJS.Timeout;

  constructor({ connection, prefix, handlers, logger, health, tracing }: EventConsumersOptions) {
    this.connection = connection;
    this.consumers = handlers.map(
      (handler) => new RabbitConsumer(connection, prefix, handler, logger, { tracing }),
    );
    const watches = this.consumers.map(
      (consumer) => new ConsumptionWatch(connection, consumer, logger),
    );
    this.checking = setInterval(() => watches.forEach((watch) => watch.check()), CHECK_MS).unref();
    if (handlers.length === 0) return;
    health.register('events', async () => {
      if (watches.some(({ isStuck }) => isStuck)) throw new Error('events are not consumed');
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.checking);
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
  }

  /** Channels are closed by now, so RabbitMQ redelivers what a handler still works on. */
  onApplicationShutdown(): void {
    this.connection.unsafeDestroy();
  }
}
