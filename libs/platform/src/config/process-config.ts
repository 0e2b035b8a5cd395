import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsNumber, IsOptional, Matches, Max, Min } from 'class-validator';

import type { BackplaneSettings } from '../backplane/create-backplane.js';
import type { Logger } from '../logging/logger.js';
import type { TracingSettings } from '../tracing/start-tracing.js';
import { IsDatabaseUrl, IsHttpUrl, IsServiceUrl } from './service-url.js';

/** The variables that every process of an installation understands. */
export class ProcessConfig {
  /** The environment that libraries adapt to; installations leave the default. */
  @IsIn(['production', 'development', 'test'])
  NODE_ENV = 'production';

  /** The least severe log lines that are written; logs are JSON lines. */
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOG_LEVEL = 'info';

  /**
   * The PostgreSQL primary (15 to 18), or a PgBouncer in front of it in session or transaction mode.
   *
   * @default required; under `npm start` an embedded server
   */
  @IsDatabaseUrl()
  DATABASE_URL: string;

  /**
   * The primary itself, without a pooler in between, for LISTEN and commands.
   *
   * @default `DATABASE_URL`
   */
  @IsOptional()
  @IsDatabaseUrl()
  DATABASE_DIRECT_URL?: string;

  /** When set, Redis is the backplane, and API instances share cached pages and the limits of sign-ins in it. */
  @IsOptional()
  @IsServiceUrl(['redis', 'rediss'])
  REDIS_URL?: string;

  /**
   * The prefix of every key and channel; installations that share a Redis need different ones.
   *
   * @allowed letters, digits, `:` `.` `-` `_`
   */
  @Matches(/^[\w:.-]{1,64}$/, { message: 'REDIS_PREFIX must be letters, digits, ":", "." or "-"' })
  REDIS_PREFIX = 'modex';

  /**
   * Most connections of a process for reads and accounts.
   *
   * @unit connections
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  DATABASE_POOL_SIZE = 10;

  /**
   * Most connections of a process for the ledger: one for each lane, and some for sweeps and commands.
   *
   * @unit connections
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  LEDGER_POOL_SIZE = 10;

  /**
   * Ledger transactions that run in parallel; a show is always in the same lane.
   *
   * @unit lanes
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(64)
  LEDGER_LANES = 2;

  /**
   * Most commands in one transaction.
   *
   * @unit commands
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  LEDGER_BATCH_SIZE = 300;

  /**
   * Most shows in one transaction; a sharded database needs 1.
   *
   * @unit shows
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  LEDGER_SHOWS_PER_BATCH = 100;

  /**
   * Most commands that wait for one show; past that the answer is 503.
   *
   * @unit commands
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  LEDGER_QUEUE_PER_SHOW = 2_000;

  /**
   * Most commands that wait in one lane; past that the answer is 503.
   *
   * @unit commands
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  LEDGER_QUEUE = 4_000;

  /** Longest time a command waits for its transaction; past that the answer is 503. */
  @Type(() => Number)
  @IsInt()
  @Min(10)
  @Max(60_000)
  LEDGER_MAX_WAIT_MS = 5_000;

  /** How long a hold lasts, unless its show says otherwise. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(86_400)
  HOLD_SECONDS = 120;

  /** Whether the database is distributed by show (`npm run db:distribute`). */
  @IsIn(['on', 'off'])
  DATABASE_SHARDED = 'off';

  /** Whether idempotency keys are looked up on other shows too; a sharded database needs `off`. */
  @IsIn(['on', 'off'])
  IDEMPOTENCY_ACROSS_SHOWS = 'on';

  /** How long a stopping process serves on after its readiness fails, so that load balancers notice. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(5)
  SHUTDOWN_DELAY_SECONDS = 0;

  /** A process whose event loop is blocked for so long kills itself; 0 switches that off. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(600)
  EVENT_LOOP_TIMEOUT_SECONDS = 10;

  /** The collector that receives traces, by OTLP over HTTP; without it there are no traces. */
  @IsOptional()
  @IsHttpUrl()
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** Headers for the collector: `name=value`, separated by commas. */
  @IsOptional()
  OTEL_EXPORTER_OTLP_HEADERS?: string;

  /** Share of the traces beginning here that are recorded; a request with `traceparent` decides itself. */
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(1)
  OTEL_TRACES_SAMPLER_ARG = 1;

  /** The address to listen on; the images listen on 0.0.0.0. */
  @IsNotEmpty()
  HOST = '127.0.0.1';

  /**
   * The URL under which people reach the installation; links in messages begin with it.
   *
   * @default `http://HOST:PORT`
   */
  @IsOptional()
  @IsHttpUrl()
  PUBLIC_URL?: string;

  /** What the domain needs, in its terms. */
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

  get backplaneSettings(): BackplaneSettings {
    return { databaseUrl: this.directDatabaseUrl, redis: this.redis };
  }
}
