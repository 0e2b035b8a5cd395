import { IsDatabaseUrl, ProcessConfig, type Logger } from '@modex/platform';
import type { DomainSettings, ReplicaState } from '@modex/domain';
import { Transform, Type } from 'class-transformer';
import type { RateLimitSettings } from '../http/rate-limits.js';
import { IsIn, IsInt, IsOptional, Max, Min, MinLength } from 'class-validator';

/** Every variable of the API. */
export class ApiConfig extends ProcessConfig {
  /**
   * Signs access tokens and cursors; the same on every instance.
   *
   * @default required; under `npm start` made once in `.modex/`
   * @allowed 32 characters or more
   */
  @MinLength(32, { message: 'JWT_SECRET must have at least 32 characters' })
  JWT_SECRET: string;

  /**
   * A second secret whose tokens and cursors are accepted, while `JWT_SECRET` is being changed.
   *
   * @allowed 32 characters or more
   */
  @IsOptional()
  @MinLength(32, { message: 'JWT_SECRET_PREVIOUS must have at least 32 characters' })
  JWT_SECRET_PREVIOUS?: string;

  /** The port of HTTP and sockets. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT = 3000;

  /** Read replicas for lists and shows: URLs of one server each, separated by commas. */
  @Transform(({ value }) => (typeof value === 'string' ? separate(value) : (value as string[])))
  @IsDatabaseUrl({ each: true })
  DATABASE_REPLICA_URLS: string[] = [];

  /** A replica that is further behind the primary is ejected until it has caught up. */
  @Type(() => Number)
  @IsInt()
  @Min(100)
  @Max(600_000)
  REPLICA_MAX_LAG_MS = 5_000;

  /** The operators' port on `HOST`: `/metrics` and health. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  METRICS_PORT = 9464;

  /** Whether requests of one address are limited; `off` is for load tests. */
  @IsIn(['on', 'off'])
  RATE_LIMIT = 'on';

  /**
   * Most slots that one account holds at once; 0 disables this limit and the wait before an account
   * that gave back slots of a nearly sold-out show may hold there again.
   *
   * @unit slots
   */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  MAX_HELD_SLOTS_PER_USER = 20;

  /**
   * Most requests of one address (for IPv6 a /64 network) to one route.
   *
   * @unit 1/min
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  RATE_LIMIT_REQUESTS = 1_200;

  /**
   * Most sign-ins, and most registrations, of one address; shared by all instances over `REDIS_URL`.
   *
   * @unit 1/min
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  RATE_LIMIT_SIGN_INS = 20;

  /** Longest time from the first byte of a request to its last; past that the answer is 408. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(300)
  REQUEST_TIMEOUT_SECONDS = 15;

  /** Most `POST /bookings` in flight; past that the answer is 503. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  MAX_HOLDS_IN_FLIGHT = 2_000;

  /** Most confirms, cancels and reductions in flight, counted apart from the holds. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  MAX_CHANGES_IN_FLIGHT = 2_000;

  /** Most searches in flight, each on its own connection; 16 for each of them wait up to 1 s. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  MAX_SEARCHES_IN_FLIGHT = 2;

  /** How old a cached list or show may get before it is read again, whatever the broadcasts said. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(3_600)
  CACHE_SECONDS = 5;

  /** Most sockets accepted in a second; further ones are queued for at most 5 s. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  SOCKETS_PER_SECOND = 500;

  /**
   * Most sockets of one address with an API process; campuses and mobile networks share addresses.
   *
   * @unit sockets
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  SOCKETS_PER_ADDRESS = 1_000;

  /**
   * Most sockets of one account with an API process.
   *
   * @unit sockets
   */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  SOCKETS_PER_ACCOUNT = 10;

  /**
   * How many proxies in front are trusted to report the client's address.
   *
   * @unit proxies
   */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(10)
  TRUST_PROXY_HOPS = 0;

  /** How long an unused session lives; a used one ends 90 days after the sign-in. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(90)
  REFRESH_TOKEN_DAYS = 14;

  /** The folder of the built single-page app, for the API to serve; `npm start` sets it. */
  @IsOptional()
  SPA_DIR?: string;

  override domainSettings(applicationName: string, logger: Logger) {
    const onChange = (replica: string, state: ReplicaState, reason: string) =>
      logger[state === 'in use' ? 'info' : 'warn']({ replica, reason }, `read replica ${state}`);
    return {
      ...super.domainSettings(applicationName, logger),
      searchPoolSize: this.MAX_SEARCHES_IN_FLIGHT,
      maxHeldSlotsPerUser: this.MAX_HELD_SLOTS_PER_USER || undefined,
      replicas: { urls: this.DATABASE_REPLICA_URLS, maxLagMs: this.REPLICA_MAX_LAG_MS, onChange },
    } satisfies DomainSettings;
  }

  /** Null where nothing is limited. */
  get rateLimits(): RateLimitSettings | null {
    if (this.RATE_LIMIT === 'off') return null;
    return { default: this.RATE_LIMIT_REQUESTS, 'sign-in': this.RATE_LIMIT_SIGN_INS };
  }

  get publicUrl(): URL {
    return new URL(this.PUBLIC_URL ?? `http://${this.HOST}:${this.PORT}`);
  }
}

function separate(list: string): string[] {
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
