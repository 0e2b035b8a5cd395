import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, Matches, Max, Min } from 'class-validator';

import type { FeedSettings } from '../feed/create-feed-adapter.js';
import type { Logger } from '../logging/logger.js';
import type { TracingSettings } from '../tracing/start-tracing.js';
import { IsDatabaseUrl, IsHttpUrl, IsServiceUrl } from './service-url.js';

/** The variables that every process of an installation understands. */
export class ProcessConfig {
  @IsIn(['production', 'development', 'test'])
  NODE_ENV = 'production';

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOG_LEVEL = 'info';

  /** The primary. */
  @IsDatabaseUrl()
  DATABASE_URL: string;

  /** A connection to the primary itself, for LISTEN and commands. Default: DATABASE_URL. */
  @IsOptional()
  @IsDatabaseUrl()
  DATABASE_DIRECT_URL?: string;

  /** Where it is given, the change feed goes over Redis, and API instances share pages of shows there. */
  @IsOptional()
  @IsServiceUrl(['redis', 'rediss'])
  REDIS_URL?: string;

  /** Before every key and channel; installations that share a Redis have one each. */
  @Matches(/^[\w:.-]{1,64}$/, { message: 'REDIS_PREFIX must be letters, digits, ":", "." or "-"' })
  REDIS_PREFIX = 'modex';

  /** Most connections for reads and accounts. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  DATABASE_POOL_SIZE = 10;

  /** Most connections for the ledger: one for each lane, and some for sweeps and commands. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  LEDGER_POOL_SIZE = 10;

  /** Transactions that run side by side; a show is always in the same lane. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(64)
  LEDGER_LANES = 2;

  /** Most commands that share a transaction. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  LEDGER_BATCH_SIZE = 300;

  /** Most shows that share a transaction; 1 on a sharded database. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  LEDGER_SHOWS_PER_BATCH = 100;

  /** Most commands that wait for one show; past that the answer is 503. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  LEDGER_QUEUE_PER_SHOW = 2_000;

  /** Most commands that wait in one lane. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  LEDGER_QUEUE = 4_000;

  /** Longest wait for a transaction; past that the answer is 503. */
  @Type(() => Number)
  @IsInt()
  @Min(10)
  @Max(60_000)
  LEDGER_MAX_WAIT_MS = 5_000;

  /** How long a hold lasts on a show that does not say. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(86_400)
  HOLD_SECONDS = 120;

  /** Whether the database is distributed by show (`npm run db:distribute`). */
  @IsIn(['on', 'off'])
  DATABASE_SHARDED = 'off';

  /** Whether an idempotency key is looked for on other shows too; off on a sharded database. */
  @IsIn(['on', 'off'])
  IDEMPOTENCY_ACROSS_SHOWS = 'on';

  /** Between "not ready" and closing, so that a load balancer can notice; all of it takes at most 10. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(5)
  SHUTDOWN_DELAY_SECONDS = 0;

  /** After so long without a turn of its event loop the process kills itself; 0 switches that off. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(600)
  EVENT_LOOP_TIMEOUT_SECONDS = 10;

  /** Where traces go: a collector that speaks OTLP over HTTP. Default: there are none. */
  @IsOptional()
  @IsHttpUrl()
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** Headers for the collector, `name=value` with commas between. */
  @IsOptional()
  OTEL_EXPORTER_OTLP_HEADERS?: string;

  /** The share of the traces beginning here that are recorded; what comes with a trace follows that. */
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(1)
  OTEL_TRACES_SAMPLER_ARG = 1;

  /** What the domain wants to know, in its terms. */
  domainSettings(applicationName: string, logger: Logger) {
    return {
      database: {
        url: this.DATABASE_URL,
        applicationName,
        poolSize: this.DATABASE_POOL_SIZE,
        onPoolError: (error: Error) => logger.warn({ err: error }, 'database connection lost'),
      },
      ledgerPoolSize: this.LEDGER_POOL_SIZE,
      onWritableChange: (reason: string | null) => {
        if (reason === null) logger.info('the database takes writes again');
        else logger.error({ reason }, 'the database takes no writes');
      },
      holdSeconds: this.HOLD_SECONDS,
      sharded: this.DATABASE_SHARDED === 'on',
      idempotencyAcrossShows: this.IDEMPOTENCY_ACROSS_SHOWS === 'on',
      groupCommit: {
        lanes: this.LEDGER_LANES,
        maxBatch: this.LEDGER_BATCH_SIZE,
        maxKeysPerBatch: this.LEDGER_SHOWS_PER_BATCH,
        maxQueuePerKey: this.LEDGER_QUEUE_PER_SHOW,
        maxQueuePerLane: this.LEDGER_QUEUE,
        maxWaitMs: this.LEDGER_MAX_WAIT_MS,
      },
    };
  }

  /** What has to fit whether the database is distributed. */
  get distributedSettings() {
    return {
      sharded: this.DATABASE_SHARDED === 'on',
      showsPerBatch: this.LEDGER_SHOWS_PER_BATCH,
      idempotencyAcrossShows: this.IDEMPOTENCY_ACROSS_SHOWS === 'on',
    };
  }

  /** For what PgBouncer's transaction mode cannot do. */
  get directDatabaseUrl(): string {
    return this.DATABASE_DIRECT_URL ?? this.DATABASE_URL;
  }

  get redis(): { url: string; prefix: string } | undefined {
    return this.REDIS_URL === undefined
      ? undefined
      : { url: this.REDIS_URL, prefix: this.REDIS_PREFIX };
  }

  get tracing(): TracingSettings | undefined {
    const endpoint = this.OTEL_EXPORTER_OTLP_ENDPOINT;
    if (endpoint === undefined) return undefined;
    const headers = this.OTEL_EXPORTER_OTLP_HEADERS;
    return { endpoint, headers, share: this.OTEL_TRACES_SAMPLER_ARG };
  }

  get feedSettings(): FeedSettings {
    return { databaseUrl: this.directDatabaseUrl, redis: this.redis };
  }
}
