import { setTimeout as sleep } from 'node:timers/promises';
import {
  auditShows,
  fillCanonicalEmails,
  fillSearchTexts,
  pruneOutbox,
  pruneRefreshTokens,
} from '@modex/domain';
import { LOGGER, type Logger } from '@modex/platform';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** Rows deleted by one statement, to keep its locks short. */
const BATCH = 1_000;
/** Between two of them. Milliseconds. */
const PAUSE_MS = 50;

/** Deletes up to `limit` obsolete rows of each table. */
const PRUNED: Record<string, (dataSource: DataSource, limit: number) => Promise<number>> = {
  outbox: pruneOutbox,
  refresh_tokens: pruneRefreshTokens,
};

/**
 * Prunes tables, fills columns that the previous release leaves empty, and audits the counters. Several
 * workers may run it at once.
 */
@Injectable()
export class HousekeepingService implements BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private readonly pruned: Counter<'table'>;
  private readonly drifting: Gauge;
  private readonly auditedAt: Gauge;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
    registry: Registry,
  ) {
    this.pruned = new Counter({
      name: 'modex_pruned_rows_total',
      help: 'Obsolete rows that this worker deleted.',
      labelNames: ['table'],
      registers: [registry],
    });
    for (const table of Object.keys(PRUNED)) this.pruned.inc({ table }, 0);
    this.drifting = new Gauge({
      name: 'modex_drifting_shows',
      help: 'Shows whose counters do not match their bookings; must be 0.',
      registers: [registry],
    });
    this.auditedAt = new Gauge({
      name: 'modex_audit_last_run_timestamp_seconds',
      help: 'When this worker last compared all counters with their bookings; 0 at first.',
      registers: [registry],
    });
  }

  @Cron(CronExpression.EVERY_5_MINUTES, { name: 'pruning', waitForCompletion: true })
  async prune(): Promise<void> {
    for (const table of Object.keys(PRUNED)) {
      await this.run(`${table} could not be pruned`, () => this.pruneTable(table));
    }
  }

  /** For accounts created by the previous release during a rolling update. */
  @Cron(CronExpression.EVERY_5_MINUTES, { name: 'canonical e-mails', waitForCompletion: true })
  async fillEmails(): Promise<void> {
    await this.run('canonical e-mails could not be filled', async () => {
      await fillCanonicalEmails(this.dataSource.manager);
    });
  }

  @Cron(CronExpression.EVERY_5_MINUTES, { name: 'audit', waitForCompletion: true })
  async audit(): Promise<void> {
    await this.run('the audit failed', async () => {
      const { drifts } = await auditShows(this.dataSource);
      this.drifting.set(drifts.length);
      this.auditedAt.setToCurrentTime();
      for (const drift of drifts)
        this.logger.error({ drift }, 'the counters of a show do not match its bookings');
    });
  }

  @Cron(CronExpression.EVERY_10_SECONDS, { name: 'search texts', waitForCompletion: true })
  async fillSearchTexts(): Promise<void> {
    await this.run('search texts could not be filled', async () => {
      for (let count = BATCH; count === BATCH && !this.stop.signal.aborted;) {
        count = await fillSearchTexts(this.dataSource.manager, BATCH);
      }
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await Promise.all(this.running);
  }

  private async pruneTable(table: string): Promise<void> {
    for (let count = BATCH; count === BATCH && !this.stop.signal.aborted;) {
      count = await PRUNED[table]!(this.dataSource, BATCH);
      this.pruned.inc({ table }, count);
      await sleep(PAUSE_MS, null, { signal: this.stop.signal }).catch(() => {});
    }
  }

  /** The next run tries again. */
  private async run(failure: string, task: () => Promise<void>): Promise<void> {
    if (this.stop.signal.aborted) return;
    const running = task()
      .catch((error: unknown) => this.logger.warn({ err: error }, failure))
      .finally(() => this.running.delete(running));
    this.running.add(running);
    await running;
  }
}
