import { MissedAnnouncements } from '@modex/domain';
import { LOGGER, type Logger } from '@modex/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { Counter, Registry } from 'prom-client';
import { FeedService } from './feed.service.js';

/** Announces what a process has committed but, because it died, never told. */
@Injectable()
export class HealingService implements OnApplicationShutdown {
  private isStopped = false;
  private healing: Promise<void> = Promise.resolve();
  private readonly healed: Counter;

  constructor(
    private readonly missed: MissedAnnouncements,
    private readonly feed: FeedService,
    @Inject(LOGGER) private readonly logger: Logger,
    registry: Registry,
  ) {
    this.healed = new Counter({
      name: 'modex_missed_announcements_total',
      help: 'Shows whose changes nobody had announced, so that this worker did.',
      registers: [registry],
    });
  }

  @Cron('*/3 * * * * *', { name: 'healing', waitForCompletion: true })
  async run(): Promise<void> {
    if (this.isStopped) return;
    this.healing = this.heal();
    await this.healing;
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    await this.healing;
  }

  private async heal(): Promise<void> {
    try {
      const update = await this.missed.find();
      if (!update || this.isStopped) return;
      this.feed.publish(update);
      this.healed.inc(new Set([...update.shows.map(({ id }) => id), ...update.edited]).size);
    } catch (error) {
      // The next time is another try.
      this.logger.warn({ err: error }, 'missed announcements were not looked for');
    }
  }
}
