import { MissedBroadcasts } from '@modex/domain';
import { LOGGER, type Logger } from '@modex/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { Counter, Registry } from 'prom-client';
import { AvailabilityService } from './availability.service.js';

/** Reconciliation: publishes changes that a crashed process committed but did not publish. */
@Injectable()
export class ReconciliationService implements OnApplicationShutdown {
  private isStopped = false;
  private running: Promise<void> = Promise.resolve();
  private readonly reconciled: Counter;

  constructor(
    private readonly missed: MissedBroadcasts,
    private readonly availability: AvailabilityService,
    @Inject(LOGGER) private readonly logger: Logger,
    registry: Registry,
  ) {
    this.reconciled = new Counter({
      name: 'modex_reconciled_shows_total',
      help: 'Shows whose changes this worker published because their own process had not.',
      registers: [registry],
    });
  }

  @Cron('*/3 * * * * *', { name: 'reconciliation', waitForCompletion: true })
  async run(): Promise<void> {
    if (this.isStopped) return;
    this.running = this.reconcile();
    await this.running;
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async reconcile(): Promise<void> {
    try {
      const update = await this.missed.find();
      if (!update || this.isStopped) return;
      this.availability.publish(update);
      this.reconciled.inc(new Set([...update.shows.map(({ id }) => id), ...update.edited]).size);
    } catch (error) {
      // The next run tries again.
      this.logger.warn({ err: error }, 'reconciliation failed');
    }
  }
}
