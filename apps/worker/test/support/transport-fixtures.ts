import { redriveOutbox, type EventHandler, type RetryRules } from '@modex/domain';
import type { Connection } from 'rabbitmq-client';
import { newPrefix } from '../../../../test/rabbitmq-server.js';
import type { EventTransport } from '../../src/outbox/transports/event-transport.js';
import { InProcessTransport } from '../../src/outbox/transports/in-process.transport.js';
import { createRabbitConnection } from '../../src/outbox/transports/rabbit-connection.js';
import { RabbitConsumer } from '../../src/outbox/transports/rabbit-consumer.js';
import { deadLettersOf } from '../../src/outbox/transports/rabbit-topology.js';
import { redriveDeadLetters } from '../../src/outbox/transports/redrive-dead-letters.js';
import { RabbitTransport } from '../../src/outbox/transports/rabbit.transport.js';
import { RETRIES, type RelayHarness } from './relay-harness.js';

/** A transport with its handler, as a worker makes it. */
export interface TransportFixture {
  /** The transport of another worker, with its handler. */
  newTransport(handler: EventHandler): EventTransport;
  /** How many events were dead-lettered for a handler. */
  deadLettered(handler: EventHandler): Promise<number>;
  /** Redrives them. Resolves to how many there were. */
  redrive(handler: EventHandler): Promise<number>;
  close(): Promise<void>;
}

export function inProcessFixture(harness: RelayHarness): TransportFixture {
  return {
    newTransport: (handler) => new InProcessTransport([handler]),
    deadLettered: () => harness.count('dead_lettered_at IS NOT NULL'),
    redrive: () => redriveOutbox(harness.domain.dataSource),
    close: () => Promise.resolve(),
  };
}

export class RabbitFixture implements TransportFixture {
  readonly prefix = newPrefix();
  private readonly connections: Connection[] = [];
  private readonly consumers: RabbitConsumer[] = [];

  constructor(
    private readonly url: string,
    private readonly harness: RelayHarness,
    private readonly retries: RetryRules = RETRIES,
  ) {}

  newTransport(handler: EventHandler): EventTransport {
    const { prefix, retries } = this;
    const { logger } = this.harness;
    const connection = this.connect();
    this.consumers.push(new RabbitConsumer(connection, prefix, handler, logger, { retries }));
    return new RabbitTransport(connection, prefix, logger);
  }

  /** A transport of a worker that has no handlers. */
  newTransportWithoutHandler(): EventTransport {
    return new RabbitTransport(this.connect(), this.prefix, this.harness.logger);
  }

  async deadLettered(handler: EventHandler): Promise<number> {
    const queue = deadLettersOf(this.prefix, handler.name);
    const { messageCount } = await this.connections[0]!.queueDeclare({ queue, passive: true });
    return messageCount;
  }

  redrive(handler: EventHandler): Promise<number> {
    return redriveDeadLetters(this.connections[0]!, this.prefix, handler.name);
  }

  async closeConsumers(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
  }

  async close(): Promise<void> {
    await this.closeConsumers();
    for (const connection of this.connections) connection.unsafeDestroy();
  }

  private connect(): Connection {
    const connection = createRabbitConnection(this.url, this.harness.logger);
    this.connections.push(connection);
    return connection;
  }
}
