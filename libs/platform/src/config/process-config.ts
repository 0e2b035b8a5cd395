import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsUrl, Max, Min } from 'class-validator';

import type { Logger } from '../logging/logger.js';

export const POSTGRES_URL = { protocols: ['postgres', 'postgresql'], require_tld: false };

/** The variables that every process of an installation understands. */
export class ProcessConfig {
  @IsIn(['production', 'development', 'test'])
  NODE_ENV = 'production';

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  LOG_LEVEL = 'info';

  /** The primary. */
  @IsUrl(POSTGRES_URL, { message: 'DATABASE_URL must be a postgres:// URL' })
  DATABASE_URL: string;

  /** A connection to the primary itself, for LISTEN and migrations. Default: DATABASE_URL. */
  @IsOptional()
  @IsUrl(POSTGRES_URL, { message: 'DATABASE_DIRECT_URL must be a postgres:// URL' })
  DATABASE_DIRECT_URL?: string;

  /** Most connections for reads and accounts. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  DATABASE_POOL_SIZE = 10;

  /** Most connections for the ledger. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  LEDGER_POOL_SIZE = 10;

  /** How long a hold lasts on a show that does not say. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(86_400)
  HOLD_SECONDS = 120;

  /** Whether an idempotency key is looked for on other shows too; off on a sharded database. */
  @IsIn(['on', 'off'])
  IDEMPOTENCY_ACROSS_SHOWS = 'on';

  /** Between "not ready" and closing, so that a load balancer can notice; all of it takes at most 10. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(5)
  SHUTDOWN_DELAY_SECONDS = 0;

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
      holdSeconds: this.HOLD_SECONDS,
      idempotencyAcrossShows: this.IDEMPOTENCY_ACROSS_SHOWS === 'on',
    };
  }

  /** For what PgBouncer's transaction mode cannot do. */
  get directDatabaseUrl(): string {
    return this.DATABASE_DIRECT_URL ?? this.DATABASE_URL;
  }
}
