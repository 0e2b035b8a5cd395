import { AMQPError, type Connection } from 'rabbitmq-client';

/**
 * Deliveries after which the broker dead-letters a message, for one that crashes its consumers. A
 * failing handler does not count: the consumer keeps its message and retries.
 */
const DELIVERY_LIMIT = 20;

/** Names begin with the prefix of the installation, since installations may share a broker. */
export const exchangeOf = (prefix: string) => `${prefix}.events`;
export const queueOf = (prefix: string, handler: string) => `${prefix}.${handler}`;
export const deadLettersOf = (prefix: string, handler: string) => `${prefix}.${handler}.dead`;

export const eventExchange = (prefix: string) => ({
  exchange: exchangeOf(prefix),
  type: 'topic',
  durable: true,
});

/**
 * Declares what a handler needs: its queue, which gets every event, and its dead-letter queue. One
 * consumer at a time is active, so that the events of a show are not handled in parallel.
 */
export async function declareQueues(
  connection: Connection,
  prefix: string,
  handler: string,
): Promise<void> {
  const queue = queueOf(prefix, handler);
  const deadLetters = deadLettersOf(prefix, handler);
  const exchange = eventExchange(prefix);
  const deadExchange = { exchange: `${prefix}.dead-letters`, type: 'direct', durable: true };
  await onChannel(connection, async (channel) => {
    await channel.exchangeDeclare(exchange);
    await channel.exchangeDeclare(deadExchange);
  });
  await declareQueue(connection, deadLetters, {});
  await declareQueue(connection, queue, {
    'x-single-active-consumer': true,
    'x-dead-letter-exchange': deadExchange.exchange,
    'x-dead-letter-routing-key': queue,
  });
  await onChannel(connection, async (channel) => {
    await channel.queueBind({
      queue: deadLetters,
      exchange: deadExchange.exchange,
      routingKey: queue,
    });
    await channel.queueBind({ queue, exchange: exchange.exchange, routingKey: '#' });
  });
}

/** Connections to servers that have no quorum queues. */
const withoutQuorum = new WeakSet<Connection>();

/** A quorum queue where the server has them, else a classic one; an existing queue stays as it is. */
async function declareQueue(
  connection: Connection,
  queue: string,
  settings: Record<string, unknown>,
): Promise<void> {
  if ((await queueState(connection, queue)) !== null) return;
  // Each on its own channel: a refusal closes the channel, or the connection.
  const declare = (kind: Record<string, unknown>) =>
    onChannel(connection, (channel) =>
      channel.queueDeclare({ queue, durable: true, arguments: { ...settings, ...kind } }),
    );
  if (!withoutQuorum.has(connection)) {
    try {
      await declare({ 'x-queue-type': 'quorum', 'x-delivery-limit': DELIVERY_LIMIT });
      return;
    } catch (error) {
      if (!isUnknownKind(error)) throw error;
      withoutQuorum.add(connection);
      if (!connection.ready) throw error;
    }
  }
  await declare({});
}

export interface QueueState {
  /** Messages that no consumer has received. */
  messages: number;
  /** Consumers, inactive ones included. */
  consumers: number;
}

/** Null where there is no such queue. */
export async function queueState(
  connection: Connection,
  queue: string,
): Promise<QueueState | null> {
  try {
    // On its own channel: NOT_FOUND closes it.
    const { messageCount, consumerCount } = await onChannel(connection, (channel) =>
      channel.queueDeclare({ queue, passive: true }),
    );
    return { messages: messageCount, consumers: consumerCount };
  } catch (error) {
    if (error instanceof AMQPError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

/**
 * Whether the server has no such kind of queue: RabbitMQ 3.8 to 3.10 until its operator enables the
 * feature, and servers of other makes. Other errors, such as a lost majority, are not this one.
 */
function isUnknownKind(error: unknown): boolean {
  if (!(error instanceof AMQPError)) return false;
  if (error.code === 'INTERNAL_ERROR') return error.message.includes('feature flag');
  return error.code === 'PRECONDITION_FAILED' || error.code === 'NOT_IMPLEMENTED';
}

type Channel = Awaited<ReturnType<Connection['acquire']>>;

async function onChannel<Result>(
  connection: Connection,
  work: (channel: Channel) => Promise<Result>,
): Promise<Result> {
  const channel = await connection.acquire();
  try {
    return await work(channel);
  } finally {
    await channel.close();
  }
}
