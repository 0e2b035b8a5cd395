import { setTimeout as sleep } from 'node:timers/promises';
import {
  isLastAttempt,
  RETRY_RULES,
  type DomainEvent,
  type EventHandler,
  type RetryRules,
} from '@modex/domain';
import { traced, type Logger, type Tracing } from '@modex/platform';
import { ConsumerStatus, type AsyncMessage, type Connection, type Consumer } from 'rabbitmq-client';
import { handleEvent } from './handle-event.js';
import { KeyedExecutor } from './keyed-executor.js';
import { onConnected } from './rabbit-connection.js';
import { declareQueues, queueOf } from './rabbit-topology.js';

/** Most unacknowledged messages of a consumer. */
export const PREFETCH = 64;
/** Between two attempts to declare the queues. Milliseconds. */
const RETRY_MS = 1_000;
/** How long a shutdown waits for running handlers and for the broker. Milliseconds. */
const CLOSE_MS = 5_000;

export interface ConsumerSettings {
  retries?: RetryRules;
  /** Records traces of the events. */
  tracing?: Tracing | null;
}

/**
 * Consumes the queue of a handler: many messages in parallel, those of one aggregate in order. A
 * message whose handler fails is kept and retried with backoff while the later ones of its aggregate
 * wait; after its last attempt it goes to the dead letters.
 */
export class RabbitConsumer {
  private readonly settings: Required<ConsumerSettings>;
  private consumer: Consumer | null = null;
  private readonly executor: KeyedExecutor;
  private readonly stop = new AbortController();
  /** Aborted with the channel, whose messages are redelivered. */
  private channelLife = new AbortController();
  private starting: Promise<void> = Promise.resolve();
  private isStartQueued = false;

  constructor(
    private readonly connection: Connection,
    private readonly prefix: string,
    private readonly handler: EventHandler,
    private readonly logger: Logger,
    settings: ConsumerSettings = {},
  ) {
    this.settings = { retries: RETRY_RULES, tracing: null, ...settings };
    this.executor = new KeyedExecutor(handler);
    onConnected(connection, () => this.restart());
  }

  get name(): string {
    return this.handler.name;
  }

  /** Whether the broker has it registered as a consumer of its queue. */
  get isConsuming(): boolean {
    return Boolean(this.consumer?.consumerTag);
  }

  /** Declares the queues again, which a broker that has lost its data lacks. */
  restart(): void {
    this.endChannelLife();
    if (this.isStartQueued) return;
    this.isStartQueued = true;
    this.starting = this.starting.then(() => {
      this.isStartQueued = false;
      return this.start();
    });
  }

  /**
   * Waits for running handlers. Messages that wait for a retry go back to the queue, and so does,
   * when the connection closes, whatever takes longer.
   */
  async close(): Promise<void> {
    this.stop.abort();
    this.channelLife.abort();
    const closed = this.starting.then(() => this.consumer?.close()).catch(() => {});
    await Promise.race([closed, sleep(CLOSE_MS, null, { ref: false })]);
  }

  private async start(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted && this.connection.ready) {
      try {
        await declareQueues(this.connection, this.prefix, this.handler.name);
        this.consumer ??= this.consume();
        return;
      } catch (error) {
        this.logger.warn({ err: error, handler: this.handler.name }, 'queues cannot be declared');
        await sleep(RETRY_MS, null, { signal }).catch(() => {});
      }
    }
  }

  private consume(): Consumer {
    const consumer = this.connection.createConsumer(
      {
        queue: queueOf(this.prefix, this.handler.name),
        queueOptions: { passive: true },
        qos: { prefetchCount: PREFETCH },
        requeue: false,
      },
      (message) => this.inTurn(message, this.channelLife.signal),
    );
    consumer.on('error', (error: unknown) => {
      this.logger.debug({ err: error, handler: this.handler.name }, 'consumer interrupted');
      this.restart();
    });
    return consumer;
  }

  /** The consumer does not subscribe again before the waits for a retry have ended. */
  private endChannelLife(): void {
    this.channelLife.abort();
    if (!this.stop.signal.aborted) this.channelLife = new AbortController();
  }

  /** After the messages of the same aggregate that came before. */
  private async inTurn(message: AsyncMessage, life: AbortSignal): Promise<ConsumerStatus> {
    const event = message.body as DomainEvent | null;
    // Not an event of this application.
    if (typeof event?.aggregateId !== 'string' || !event.payload) return ConsumerStatus.DROP;
    const traceParent: unknown = message.headers?.['traceparent'];
    const causes = typeof traceParent === 'string' ? [traceParent] : [];
    return this.executor.run(event, () => this.handle(event, causes, life));
  }

  /** @param causes the traces that led to the event; each attempt is a span of its own */
  private async handle(
    event: DomainEvent,
    causes: readonly string[],
    life: AbortSignal,
  ): Promise<ConsumerStatus> {
    const { retries, tracing } = this.settings;
    const about = { causes, attributes: { 'modex.event': event.id } };
    for (let failures = 0; !life.aborted;) {
      try {
        await traced(tracing, `handle ${this.handler.name}`, about, () =>
          handleEvent(this.handler, event),
        );
        return ConsumerStatus.ACK;
      } catch (error) {
        failures += 1;
        const context = { event: event.id, type: event.type, handler: this.handler.name, failures };
        if (isLastAttempt(failures, error, retries)) {
          this.logger.error({ err: error, ...context }, 'an event was dead-lettered');
          return ConsumerStatus.DROP;
        }
        this.logger.warn({ err: error, ...context }, 'an event failed');
        await sleep(retries.retryDelayMs(failures), null, { signal: life }).catch(() => {});
      }
    }
    return ConsumerStatus.REQUEUE;
  }
}
