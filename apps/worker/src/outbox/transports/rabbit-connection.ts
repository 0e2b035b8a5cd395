import type { Logger } from '@modex/platform';
import { Connection } from 'rabbitmq-client';

export interface RabbitSettings {
  /** `amqp://…` or `amqps://…` */
  url: string;
  /** Before the name of every exchange and queue. */
  prefix: string;
}

/** For the connection of this process: a `Connection`. */
export const RABBIT = Symbol('RABBIT');

/**
 * A connection that reconnects by itself, and logs once that RabbitMQ is away and once that it is
 * back. Without a server it does not throw: events wait in the outbox.
 */
export function createRabbitConnection(url: string, logger: Logger): Connection {
  const connection = new Connection({
    url,
    connectionName: 'modex worker',
    connectionTimeout: 5_000,
    // A shutdown waits for it. Milliseconds.
    acquireTimeout: 2_000,
    // Backoff: the first and the longest delay. Milliseconds.
    retryLow: 200,
    retryHigh: 5_000,
    // Missing heartbeats detect a network that drops packets. Seconds.
    heartbeat: 10,
  });
  let isAway = false;
  connection.on('error', (error: unknown) => {
    if (isAway) return;
    isAway = true;
    logger.warn({ err: error }, 'RabbitMQ is away');
  });
  connection.on('connection', () => {
    if (isAway) logger.info('RabbitMQ is back');
    isAway = false;
  });
  connection.on('connection.blocked', (reason) => {
    logger.warn({ reason }, 'RabbitMQ takes no messages');
  });
  connection.on('connection.unblocked', () => logger.info('RabbitMQ takes messages again'));
  return connection;
}

/** Calls the listener at every connection, and at once if there is one already. */
export function onConnected(connection: Connection, listener: () => void): void {
  connection.on('connection', listener);
  if (connection.ready) listener();
}
