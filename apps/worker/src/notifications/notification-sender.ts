import {
  BookingAudience,
  DatabaseClock,
  NotificationHistory,
  NotificationQueue,
} from '@modex/domain';
import { LOGGER, TRACING, type Logger, type Tracing } from '@modex/platform';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { WorkerConfig } from '../config/worker-config.js';
import { CHANNELS, type Channel } from './channel.js';
import { ChannelSender } from './channel-sender.js';
import { NotificationMetrics } from './notification-metrics.js';
import type { SenderServices } from './sender-services.js';

const HOUR_MS = 3_600_000;

/** Sends the notifications that are due. Any number of processes may do so side by side. */
@Injectable()
export class NotificationSender
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly senders: readonly ChannelSender[];

  constructor(
    queue: NotificationQueue,
    history: NotificationHistory,
    audience: BookingAudience,
    clock: DatabaseClock,
    metrics: NotificationMetrics,
    @Inject(CHANNELS) private readonly channels: readonly Channel[],
    config: WorkerConfig,
    @Inject(LOGGER) logger: Logger,
    @Inject(TRACING) tracing: Tracing | null,
  ) {
    const services: SenderServices = {
      queue,
      history,
      audience,
      clock,
      metrics,
      logger,
      tracing,
      budgets: {
        perRecipient: config.NOTIFICATIONS_PER_RECIPIENT_PER_HOUR,
        perAccount: config.NOTIFICATIONS_PER_ACCOUNT_PER_HOUR,
        windowMs: HOUR_MS,
      },
      coalescingMs: config.NOTIFICATION_COALESCING_SECONDS * 1_000,
    };
    this.senders = channels.map((channel) => new ChannelSender(channel, services));
  }

  onApplicationBootstrap(): void {
    for (const sender of this.senders) sender.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.senders.map((sender) => sender.stop()));
  }

  onApplicationShutdown(): void {
    for (const channel of this.channels) channel.close();
  }

  /** Notifications were planned. */
  wake(): void {
    for (const sender of this.senders) sender.wake();
  }
}
