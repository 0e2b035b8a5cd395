import type { Logger } from '@modex/platform';
import type { Connection } from 'rabbitmq-client';
import type { RabbitConsumer } from './transports/rabbit-consumer.js';

/** Failed checks in a row after which a missing consumer is reported. */
const FAILED_CHECKS = 2;

/** Detects that a handler does not consume its queue although RabbitMQ is connected. */
export class ConsumptionWatch {
  private missed = 0;

  constructor(
    private readonly connection: Connection,
    private readonly consumer: Pick<RabbitConsumer, 'name' | 'isConsuming' | 'restart'>,
    private readonly logger: Logger,
  ) {}

  /** Whether its events wait in the queue and this process does not consume them. */
  get isStuck(): boolean {
    return this.missed >= FAILED_CHECKS;
  }

  /** To be called every few seconds. */
  check(): void {
    const { connection, consumer, logger } = this;
    const handler = consumer.name;
    if (!connection.ready || consumer.isConsuming) {
      if (this.isStuck && connection.ready) logger.info({ handler }, 'events are consumed again');
      this.missed = 0;
      return;
    }
    this.missed += 1;
    if (this.missed === FAILED_CHECKS) logger.warn({ handler }, 'events are not consumed');
    if (this.isStuck) consumer.restart();
  }
}
