import { HoldExpiry } from '@modex/domain';
import { LOGGER, type Logger } from '@modex/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { Counter, Gauge, Registry } from 'prom-client';

/** Expires lapsed holds every second. Any number of workers may run side by side. */
@Injectable()
export class ExpiryService implements OnApplicationShutdown {
  private readonly stop = new AbortController();
  private sweeping: Promise<void> = Promise.resolve();
  private readonly expired: Counter;
  private readonly lag: Gauge;
  private readonly sweptAt: Gauge;

  constructor(
    private readonly expiry: HoldExpiry,
    @Inject(LOGGER) private readonly logger: Logger,
    registry: Registry,
  ) {
    this.expired = new Counter({
      name: 'modex_expired_holds_total',
      help: 'Holds that this worker expired.',
      registers: [registry],
    });
    this.lag = new Gauge({
      name: 'modex_expiry_lag_seconds',
      help: 'How late the oldest hold of the last sweep was expired.',
      registers: [registry],
    });
    this.sweptAt = new Gauge({
      name: 'modex_expiry_last_sweep_timestamp_seconds',
      help: 'When the last sweep of this worker ended.',
      registers: [registry],
    });
  }

  @Cron(CronExpression.EVERY_SECOND, { name: 'expiry', waitForCompletion: true })
  async run(): Promise<void> {
    if (this.stop.signal.aborted) return;
    this.sweeping = this.sweep();
    await this.sweeping;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.sweeping;
  }

  private async sweep(): Promise<void> {
    try {
      const report = await this.expiry.sweep(this.stop.signal);
      this.expired.inc(report.expiredHolds);
      this.lag.set(report.lagMs / 1_000);
      this.sweptAt.setToCurrentTime();
      const { errors, ...counts } = report;
      if (counts.expiredHolds > 0 || counts.cancelledBookings > 0) {
        this.logger.info(counts, 'expired holds');
      }
      for (const error of errors) this.logger.warn({ err: error }, 'the sweep of a show failed');
    } catch (error) {
      // The next sweep tries again; the ledger reclaims lapsed holds without the worker.
      this.logger.error({ err: error }, 'sweep failed');
    }
  }
}
