import { EventSequencer, OutboxClaims, type EventHandler } from '@modex/domain';
import { HealthChecks, LOGGER, TRACING, type Logger, type Tracing } from '@modex/platform';
import {
  Module,
  type DynamicModule,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Gauge, Registry } from 'prom-client';
import type { Connection } from 'rabbitmq-client';
import type { DataSource } from 'typeorm';
import { EventConsumers } from './event-consumers.js';
import { EventNumbering } from './event-numbering.js';
import { OutboxMetrics } from './outbox-metrics.js';
import { OutboxRelay } from './outbox-relay.js';
import { observeQueues } from './queue-metrics.js';
import { RelayThrottle } from './relay-throttle.js';
import { EVENT_HANDLERS, EVENT_TRANSPORT } from './transports/event-transport.js';
import { InProcessTransport } from './transports/in-process.transport.js';
import {
  createRabbitConnection,
  RABBIT,
  type RabbitSettings,
} from './transports/rabbit-connection.js';
import { RabbitTransport } from './transports/rabbit.transport.js';

export interface OutboxOptions {
  /** Whether this process relays events from the outbox to the transport. */
  relays: boolean;
  /** Booking changes within a second from which on the relay is throttled. */
  throttleFrom: number;
  /** The handlers of this process; provided by `imports`. */
  handlers: Type<EventHandler>[];
  /** The names of all handlers of the installation, whose queues are measured. */
  handlerNames: readonly string[];
  imports: NonNullable<ModuleMetadata['imports']>;
  /** Without it the relay calls the handlers of the same process. */
  rabbit?: RabbitSettings | undefined;
}

/** Relays events from the outbox to their handlers. */
@Module({})
export class OutboxModule {
  static forRoot(options: OutboxOptions): DynamicModule {
    const { relays, throttleFrom, handlers, handlerNames, imports, rabbit } = options;
    return {
      module: OutboxModule,
      imports,
      providers: [
        {
          provide: EVENT_HANDLERS,
          inject: handlers,
          useFactory: (...instances: EventHandler[]) => instances,
        },
        ...(relays ? [...relay(throttleFrom), rabbit ? rabbitTransport(rabbit) : IN_PROCESS] : []),
        ...(rabbit ? rabbitConnection(rabbit, handlerNames) : []),
      ],
    };
  }
}

function relay(throttleFrom: number): Provider[] {
  return [
    OutboxRelay,
    EventNumbering,
    OutboxMetrics,
    { provide: RelayThrottle, useValue: new RelayThrottle(throttleFrom) },
    {
      provide: OutboxClaims,
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource) => new OutboxClaims(dataSource),
    },
    {
      provide: EventSequencer,
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource) => new EventSequencer(dataSource),
    },
  ];
}

const IN_PROCESS: Provider = {
  provide: EVENT_TRANSPORT,
  inject: [EVENT_HANDLERS, TRACING],
  useFactory: (handlers: EventHandler[], tracing: Tracing | null) =>
    new InProcessTransport(handlers, tracing),
};

function rabbitTransport({ prefix }: RabbitSettings): Provider {
  return {
    provide: EVENT_TRANSPORT,
    inject: [RABBIT, LOGGER, TRACING],
    useFactory: (connection: Connection, logger: Logger, tracing: Tracing | null) =>
      new RabbitTransport(connection, prefix, logger, tracing),
  };
}

function rabbitConnection(
  { url, prefix }: RabbitSettings,
  handlerNames: readonly string[],
): Provider[] {
  return [
    {
      provide: RABBIT,
      inject: [LOGGER, Registry],
      useFactory: (logger: Logger, registry: Registry) => {
        const connection = createRabbitConnection(url, logger);
        observeConnection(registry, connection);
        observeQueues(registry, connection, prefix, handlerNames);
        return connection;
      },
    },
    {
      provide: EventConsumers,
      inject: [RABBIT, EVENT_HANDLERS, LOGGER, HealthChecks, TRACING],
      useFactory: (
        connection: Connection,
        handlers: EventHandler[],
        logger: Logger,
        health: HealthChecks,
        tracing: Tracing | null,
      ) => new EventConsumers({ connection, prefix, handlers, logger, health, tracing }),
    },
  ];
}

function observeConnection(registry: Registry, connection: Connection): void {
  const gauge = new Gauge({
    name: 'modex_rabbitmq_connected',
    help: 'Whether this process is connected to RabbitMQ (1) or cut off (0).',
    registers: [],
    collect() {
      this.set(connection.ready ? 1 : 0);
    },
  });
  registry.registerMetric(gauge);
}
