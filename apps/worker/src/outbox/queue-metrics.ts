import { Gauge, type Registry } from 'prom-client';
import type { Connection } from 'rabbitmq-client';
import { deadLettersOf, queueOf, queueState } from './transports/rabbit-topology.js';

/**
 * Metrics of the queues of all handlers of the installation, whichever process they run in. While
 * the broker is away they are NaN, which no alert matches; dead letters keep their last value.
 *
 * @param handlers names of all handlers of the installation
 */
export function observeQueues(
  registry: Registry,
  connection: Connection,
  prefix: string,
  handlers: readonly string[],
): void {
  const gauge = (name: string, help: string, collect: (handler: string) => Promise<number>) => {
    const metric = new Gauge({
      name,
      help,
      labelNames: ['handler'],
      registers: [],
      async collect() {
        const collected = handlers.map(async (handler) =>
          this.set({ handler }, await collect(handler)),
        );
        await Promise.all(collected);
      },
    });
    registry.registerMetric(metric);
  };
  const stateOf = async (queue: string) => {
    if (!connection.ready) return { messages: NaN, consumers: NaN };
    // Without the queue no consumer has ever run.
    return (await queueState(connection, queue)) ?? { messages: 0, consumers: 0 };
  };
  const deadLetters = new Map(handlers.map((handler) => [handler, 0]));
  gauge(
    'modex_queue_messages',
    'Events in the queue of a handler that no consumer has received.',
    async (handler) => (await stateOf(queueOf(prefix, handler))).messages,
  );
  gauge(
    'modex_queue_consumers',
    'Consumers of the queue of a handler, inactive ones included; must not be 0.',
    async (handler) => (await stateOf(queueOf(prefix, handler))).consumers,
  );
  gauge(
    'modex_dead_letters',
    'Events in the dead-letter queue of a handler; must be 0.',
    async (handler) => {
      const { messages } = await stateOf(deadLettersOf(prefix, handler));
      if (!Number.isNaN(messages)) deadLetters.set(handler, messages);
      return deadLetters.get(handler)!;
    },
  );
}
