import type { Logger } from '@modex/platform';
import type { Connection } from 'rabbitmq-client';
import type { RabbitConsumer } from './transports/rabbit-consumer.js';

/** After so many looks in a row at which a consumer was missing, it is reported. */
const LOOKS = 2;

/** Notices that a handler is not a consumer of its queue although RabbitMQ is connected. */
export class ConsumptionWatch {
  private missed = 0;

  constructor(
    private readonly connection: Connection,
    private readonly consumer: Pick<RabbitConsumer, 'name' | 'isConsuming' | 'restart'>,
    private readonly logger: Logger,
  ) {}

  /** Whether its events wait in the queue and nobody here takes them. */
  get isStuck(): boolean {
    return this.missed >= LOOKS;
  }

  /** To be called every few seconds. */
  look(): void {
    const { connection, consumer, logger } = this;
    const handler = consumer.name;
    if (!connection.ready || consumer.isConsuming) {
      if (this.isStuck && connection.ready) logger.info({ handler }, 'events are consumed again');
      this.missed = 0;
      return;
    }
    this.missed += 1;
    if (this.missed === LOOKS) logger.warn({ handler }, 'events are not consumed');
    if (this.isStuck) consumer.restart();
  }
}
