import type { Connection } from 'rabbitmq-client';

/**
 * A message that took so many consumers down with it goes to the dead letters. A failing handler
 * does not count here: its message is kept and tried again by the consumer.
 */
const DELIVERY_LIMIT = 20;

/** Before every name; installations that share a broker have one each. */
export const exchangeOf = (prefix: string) => `${prefix}.events`;
export const queueOf = (prefix: string, handler: string) => `${prefix}.${handler}`;
export const deadLettersOf = (prefix: string, handler: string) => `${prefix}.${handler}.dead`;

export const eventExchange = (prefix: string) => ({
  exchange: exchangeOf(prefix),
  type: 'topic',
  durable: true,
});

/**
 * Makes what a handler needs, as far as it is not there: its queue, which gets every fact, and the
 * queue of its dead letters. One consumer at a time gets the queue's messages, the others stand by:
 * otherwise two of them would have facts of one show side by side.
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

/** A quorum queue where the server has them, else a classic one; one that is there stays as it is. */
async function declareQueue(
  connection: Connection,
  queue: string,
  settings: Record<string, unknown>,
): Promise<void> {
  const quorum = { 'x-queue-type': 'quorum', 'x-delivery-limit': DELIVERY_LIMIT };
  const ways = [
    { passive: true },
    { durable: true, arguments: { ...settings, ...quorum } },
    { durable: true, arguments: settings },
  ];
  let refusal: unknown;
  for (const way of ways) {
    try {
      // A refusal closes the channel.
      await onChannel(connection, (channel) => channel.queueDeclare({ queue, ...way }));
      return;
    } catch (error) {
      if (!connection.ready) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

type Channel = Awaited<ReturnType<Connection['acquire']>>;

async function onChannel(
  connection: Connection,
  work: (channel: Channel) => Promise<unknown>,
): Promise<void> {
  const channel = await connection.acquire();
  try {
    await work(channel);
  } finally {
    await channel.close();
  }
}
