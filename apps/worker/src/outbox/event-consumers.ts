import type { EventHandler } from '@modex/domain';
import type { Logger, Tracing } from '@modex/platform';
import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import type { Connection } from 'rabbitmq-client';
import { RabbitConsumer } from './transports/rabbit-consumer.js';

/** The queues of all handlers of this process, and the connection's end. */
export class EventConsumers implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly consumers: RabbitConsumer[];

  constructor(
    private readonly connection: Connection,
    prefix: string,
    handlers: readonly EventHandler[],
    logger: Logger,
    registry: Registry,
    tracing: Tracing | null,
  ) {
    const deadLetters = new Counter({
      name: 'modex_dead_letters_total',
      help: 'Facts that this worker put to the dead letters of a handler, which failed too often.',
      labelNames: ['handler'],
      registers: [registry],
    });
    for (const { name: handler } of handlers) deadLetters.inc({ handler }, 0);
    this.consumers = handlers.map(
      (handler) =>
        new RabbitConsumer(connection, prefix, handler, logger, {
          tracing,
          onDeadLetter: () => deadLetters.inc({ handler: handler.name }),
        }),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
  }

  /** Every channel is closed by now; whatever a handler still does is repeated by another. */
  onApplicationShutdown(): void {
    this.connection.unsafeDestroy();
  }
}
