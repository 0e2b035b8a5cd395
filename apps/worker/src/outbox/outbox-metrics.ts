import {
  readEventStreamLag,
  readOutboxStatus,
  type OutboxStatus,
  type SettledCounts,
} from '@modex/domain';
import { LOGGER, type Logger } from '@modex/platform';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { RelayThrottle } from './relay-throttle.js';

type Status = OutboxStatus & { streamLagSeconds: number };

/** Metrics of the outbox. Its state is read from the database at each scrape. */
@Injectable()
export class OutboxMetrics {
  private readonly published: Counter;
  private readonly failed: Counter;
  private reading: Promise<Status | null> | null = null;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
    registry: Registry,
    throttle: RelayThrottle,
  ) {
    const registers = [registry];
    this.published = new Counter({
      name: 'modex_outbox_published_total',
      help: 'Events that this worker published.',
      registers,
    });
    this.failed = new Counter({
      name: 'modex_outbox_failed_attempts_total',
      help: 'Failed attempts of this worker to publish an event.',
      registers,
    });
    const throttled = new Gauge({
      name: 'modex_relay_throttled',
      help: 'Whether this worker publishes events slowly in favour of bookings (1), or not (0).',
      registers: [],
      collect() {
        this.set(throttle.isOn ? 1 : 0);
      },
    });
    registry.registerMetric(throttled);
    const gauge = (name: string, help: string, of: (status: Status) => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect: async function (this: Gauge) {
          const status = await read();
          if (status) this.set(of(status));
        },
      });
    const read = () => this.readStatus();
    gauge('modex_outbox_depth', 'Events to be published.', ({ depth }) => depth);
    gauge(
      'modex_outbox_age_seconds',
      'Age of the oldest event to be published.',
      ({ ageSeconds }) => ageSeconds,
    );
    gauge(
      'modex_outbox_dead_lettered',
      'Events that were dead-lettered after too many attempts; must be 0.',
      ({ deadLettered }) => deadLettered,
    );
    gauge(
      'modex_event_stream_lag_seconds',
      'Age of the oldest event without a position in the event stream.',
      ({ streamLagSeconds }) => streamLagSeconds,
    );
  }

  count({ published, failed }: SettledCounts): void {
    this.published.inc(published);
    this.failed.inc(failed);
  }

  /** Once for all gauges of a scrape. Null if the database cannot be read. */
  private readStatus(): Promise<Status | null> {
    const { dataSource } = this;
    this.reading ??= Promise.all([readOutboxStatus(dataSource), readEventStreamLag(dataSource)])
      .then(([status, streamLagSeconds]) => ({ ...status, streamLagSeconds }))
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'the state of the outbox could not be read');
        return null;
      })
      .finally(() => (this.reading = null));
    return this.reading;
  }
}
