import type { EventHandler } from '@modex/domain';
import type { Logger, Tracing } from '@modex/platform';
import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import type { Connection } from 'rabbitmq-client';
import { RabbitConsumer } from './transports/rabbit-consumer.js';
import { deadLettersOf, queueLength } from './transports/rabbit-topology.js';

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
    const names = handlers.map(({ name }) => name);
    registry.registerMetric(deadLetters(connection, prefix, names));
    this.consumers = handlers.map(
      (handler) => new RabbitConsumer(connection, prefix, handler, logger, { tracing }),
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

/** The broker is asked, which puts messages there itself, too. While it is away the last figure stays. */
function deadLetters(connection: Connection, prefix: string, handlers: readonly string[]): Gauge {
  const gauge = new Gauge({
    name: 'modex_dead_letters',
    help: 'Facts among the dead letters of a handler, which were given up; must be 0.',
    labelNames: ['handler'],
    registers: [],
    async collect() {
      if (!connection.ready) return;
      for (const handler of handlers) {
        const length = await queueLength(connection, deadLettersOf(prefix, handler)).catch(
          () => null,
        );
        if (length !== null) this.set({ handler }, length);
      }
    },
  });
  for (const handler of handlers) gauge.set({ handler }, 0);
  return gauge;
}
