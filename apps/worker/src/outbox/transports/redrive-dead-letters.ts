import type { Connection } from 'rabbitmq-client';
import { deadLettersOf, queueOf, queueState } from './rabbit-topology.js';

/**
 * Moves the dead letters of a handler back to its queue, as many as there are at the beginning. One
 * is acknowledged after the broker has confirmed it in the other queue, so a failure duplicates one
 * message at most. Resolves to their number.
 */
export async function redriveDeadLetters(
  connection: Connection,
  prefix: string,
  handler: string,
): Promise<number> {
  const queue = deadLettersOf(prefix, handler);
  // Without the queue the handler has never run.
  const count = (await queueState(connection, queue))?.messages ?? 0;
  if (count === 0) return 0;
  // A broker also confirms messages that no queue takes.
  await connection.queueDeclare({ queue: queueOf(prefix, handler), passive: true });
  const publisher = connection.createPublisher({ confirm: true });
  let isReturned = false;
  publisher.on('basic.return', () => (isReturned = true));
  const channel = await connection.acquire();
  try {
    for (let moved = 0; moved < count; moved++) {
      const message = await channel.basicGet({ queue });
      if (!message) return moved;
      const { messageId, type, headers = {}, body, deliveryTag } = message;
      await publisher.send(
        {
          exchange: '',
          routingKey: queueOf(prefix, handler),
          durable: true,
          mandatory: true,
          messageId,
          type,
          headers: withoutDeaths(headers),
        },
        body,
      );
      // The broker returns a message before it confirms it; the client emits that one turn later.
      await new Promise(setImmediate);
      if (isReturned) throw new Error(`the queue of ${handler} has gone`);
      channel.basicAck({ deliveryTag });
    }
    return count;
  } finally {
    await channel.close();
    await publisher.close();
  }
}

/** Without the headers that the broker added. */
function withoutDeaths(headers: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-')));
}
