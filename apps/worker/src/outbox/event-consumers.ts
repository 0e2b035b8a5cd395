import type { EventHandler } from '@modex/domain';
import type { HealthChecks, Logger, Tracing } from '@modex/platform';
import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import type { Connection } from 'rabbitmq-client';
import { ConsumptionWatch } from './consumption-watch.js';
import { RabbitConsumer } from './transports/rabbit-consumer.js';

/** Between two looks whether events are consumed. Milliseconds. */
const LOOK_MS = 5_000;

export interface EventConsumersOptions {
  connection: Connection;
  /** Before the name of every queue. */
  prefix: string;
  /** Of this process. */
  handlers: readonly EventHandler[];
  logger: Logger;
  health: HealthChecks;
  tracing: Tracing | null;
}

/** The queues of all handlers of this process, and the connection's end. */
export class EventConsumers implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly connection: Connection;
  private readonly consumers: RabbitConsumer[];
  private readonly looking: NodeJS.Timeout;

  constructor({ connection, prefix, handlers, logger, health, tracing }: EventConsumersOptions) {
    this.connection = connection;
    this.consumers = handlers.map(
      (handler) => new RabbitConsumer(connection, prefix, handler, logger, { tracing }),
    );
    const watches = this.consumers.map(
      (consumer) => new ConsumptionWatch(connection, consumer, logger),
    );
    this.looking = setInterval(() => watches.forEach((watch) => watch.look()), LOOK_MS).unref();
    if (handlers.length === 0) return;
    health.register('events', async () => {
      if (watches.some(({ isStuck }) => isStuck)) throw new Error('events are not consumed');
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.looking);
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
  }

  /** Every channel is closed by now; whatever a handler still does is repeated by another. */
  onApplicationShutdown(): void {
    this.connection.unsafeDestroy();
  }
}
