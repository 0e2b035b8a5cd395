import { setTimeout as sleep } from 'node:timers/promises';
import { traced, type Logger, type Tracing } from '@modex/platform';
import { AMQPError, type Connection, type Publisher } from 'rabbitmq-client';
import {
  workOf,
  type EventTransport,
  type RunResult,
  type TracedEvent,
} from './event-transport.js';
import { onConnected } from './rabbit-connection.js';
import { eventExchange, exchangeOf } from './rabbit-topology.js';

/** Longest wait for a publisher confirm. Milliseconds. */
const CONFIRM_MS = 15_000;
/** Pause after messages that the broker did not take. Milliseconds. */
const PAUSE_MS = 1_000;
/** Longest wait for confirms at shutdown. Milliseconds. */
const CLOSE_MS = 2_000;

/**
 * `unavailable`: the broker is away or has no queue. `silent`: it did not confirm in time. Neither is
 * the event's fault.
 */
type Fate =
  | { kind: 'taken' }
  | { kind: 'unavailable' }
  | { kind: 'silent' }
  | { kind: 'refused'; error: unknown };

/**
 * Publishes to a durable topic exchange. An event is published when the broker has confirmed it. What
 * the broker cannot take now stays in the outbox and does not count as failed.
 */
export class RabbitTransport implements EventTransport {
  readonly capacity = 500;
  private readonly publisher: Publisher;
  /** Ids of messages that the broker returned because there was no queue. */
  private readonly returned = new Set<string>();
  private pausedUntil = -Infinity;
  /** Whether a queue has taken an event on this connection, and none has been returned since. */
  private isRouted = false;
  /** Whether the last log message was that there is no queue. */
  private isReportedUnrouted = false;

  constructor(
    private readonly connection: Connection,
    private readonly prefix: string,
    private readonly logger: Logger,
    private readonly tracing: Tracing | null = null,
  ) {
    this.publisher = connection.createPublisher({
      confirm: true,
      exchanges: [eventExchange(prefix)],
    });
    this.publisher.on('basic.return', ({ messageId }) => this.returned.add(String(messageId)));
    // The broker may have lost its data, and its queues.
    connection.on('connection', () => (this.isRouted = false));
  }

  get isReady(): boolean {
    return this.connection.ready && performance.now() >= this.pausedUntil;
  }

  onReady(listener: () => void): void {
    onConnected(this.connection, listener);
    this.connection.on('connection.unblocked', listener);
  }

  /**
   * All are sent at once, and the broker keeps their order. Until a queue is known to exist the first
   * is sent alone: a queue that is declared meanwhile would get the later ones without the first.
   * When the broker refuses one, that one and those after it are sent again.
   */
  async publish(run: readonly TracedEvent[], isOver: () => boolean): Promise<RunResult> {
    let published = 0;
    while (published < run.length && !isOver()) {
      const part = run.slice(published, this.isRouted ? undefined : published + 1);
      const result = await this.publishAtOnce(part);
      published += result.published;
      if (result.published < part.length) return { ...result, published };
    }
    return { published };
  }

  private async publishAtOnce(run: readonly TracedEvent[]): Promise<RunResult> {
    const fates = await Promise.all(run.map((each) => this.send(each)));
    // The broker returns a message before it confirms it; the client emits that one turn later.
    await new Promise(setImmediate);
    const unrouted = run.map(({ event }) => this.returned.delete(event.id)).indexOf(true);
    if (unrouted !== -1) fates[unrouted] = { kind: 'unavailable' };
    else if (fates[0]?.kind === 'taken') this.noteRouting(true);
    const published = fates.findIndex(({ kind }) => kind !== 'taken');
    if (published === -1) return { published: run.length };
    const fate = fates[published]!;
    if (fate.kind === 'refused') return { published, error: fate.error };
    if (published === unrouted) this.noteRouting(false);
    if (fate.kind === 'silent') {
      const { id, aggregateId } = run[published]!.event;
      this.logger.warn({ event: id, aggregateId }, 'RabbitMQ does not confirm events');
    }
    this.pausedUntil = performance.now() + PAUSE_MS;
    return { published };
  }

  /** A silent broker does not delay the shutdown. */
  async close(): Promise<void> {
    const closed = this.publisher.close().catch(() => {});
    await Promise.race([closed, sleep(CLOSE_MS, null, { ref: false })]);
  }

  private async send(traceable: TracedEvent): Promise<Fate> {
    this.returned.delete(traceable.event.id);
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<Fate>((resolve) => {
      timer = setTimeout(() => resolve({ kind: 'silent' }), CONFIRM_MS);
    });
    try {
      return await Promise.race([silence, this.confirmed(traceable)]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async confirmed(traceable: TracedEvent): Promise<Fate> {
    const { event } = traceable;
    const name = `publish ${event.type}`;
    try {
      await traced(this.tracing, name, workOf(traceable), (here) => this.hand(traceable, here));
    } catch (error) {
      const isRefused = error instanceof AMQPError && error.code === 'NACK';
      if (isRefused) return { kind: 'refused', error };
      this.logger.debug({ err: error, event: event.id }, 'an event could not be sent');
      return { kind: 'unavailable' };
    }
    return { kind: 'taken' };
  }

  /** Resolves when the broker has confirmed it. */
  private async hand({ event }: TracedEvent, traceParent: string | undefined): Promise<void> {
    await this.publisher.send(
      {
        exchange: exchangeOf(this.prefix),
        routingKey: event.type,
        mandatory: true,
        durable: true,
        messageId: event.id,
        type: event.type,
        headers: {
          'aggregate-id': event.aggregateId,
          version: event.version,
          ...(traceParent !== undefined && { traceparent: traceParent }),
        },
      },
      event,
    );
  }

  /** Logs once that there is no queue; a worker with the role of a handler declares it. */
  private noteRouting(isRouted: boolean): void {
    this.isRouted = isRouted;
    if (isRouted === !this.isReportedUnrouted) return;
    this.isReportedUnrouted = !isRouted;
    if (isRouted) this.logger.info('there is a queue for events now');
    else this.logger.warn('there is no queue for events yet, so they stay in the outbox');
  }
}
