import {
  NOTIFICATION_CHANNELS,
  readPendingNotifications,
  type NotificationChannel,
  type PendingNotifications,
} from '@modex/domain';
import { LOGGER, type Logger } from '@modex/platform';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { CHANNELS, type Channel } from './channel.js';

const RESULTS = ['sent', 'failed', 'postponed', 'skipped'] as const;
export type NotificationResult = (typeof RESULTS)[number];

/** What operators see of notifications. What waits is read from the database when they ask. */
@Injectable()
export class NotificationMetrics {
  private readonly results: Counter<'channel' | 'result'>;
  private reading: Promise<PendingNotifications[] | null> | null = null;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CHANNELS) channels: readonly Channel[],
    registry: Registry,
  ) {
    const registers = [registry];
    this.results = new Counter({
      name: 'modex_notifications_total',
      help: 'Notifications by channel and result: sent, failed for good, postponed after a failed attempt, skipped because nothing had to be sent.',
      labelNames: ['channel', 'result'],
      registers,
    });
    for (const { name: channel } of channels) {
      for (const result of RESULTS) this.results.inc({ channel, result }, 0);
    }
    const gauge = (name: string, help: string, of: (pending: PendingNotifications) => number) =>
      new Gauge({
        name,
        help,
        labelNames: ['channel'],
        registers,
        collect: async function (this: Gauge<'channel'>) {
          const pending = await read();
          if (pending === null) return;
          for (const channel of NOTIFICATION_CHANNELS) {
            const found = pending.find((each) => each.channel === channel);
            this.set({ channel }, found ? of(found) : 0);
          }
        },
      });
    const read = () => this.read();
    gauge('modex_notifications_pending', 'Notifications to be sent.', ({ count }) => count);
    gauge(
      'modex_notifications_due_age_seconds',
      'How long the oldest notification that may be sent has been waiting.',
      ({ dueAgeSeconds }) => dueAgeSeconds,
    );
  }

  count(channel: NotificationChannel, result: NotificationResult, count = 1): void {
    this.results.inc({ channel, result }, count);
  }

  /** Once for all gauges of a scrape. Null if the database cannot be asked. */
  private read(): Promise<PendingNotifications[] | null> {
    this.reading ??= readPendingNotifications(this.dataSource)
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'pending notifications could not be counted');
        return null;
      })
      .finally(() => (this.reading = null));
    return this.reading;
  }
}
