import { ProcessConfig } from '@modex/platform';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsUrl, Max, Min, MinLength } from 'class-validator';

/** Every variable of the API. */
export class ApiConfig extends ProcessConfig {
  /** Signs access tokens and cursors; the same on every instance. */
  @MinLength(32, { message: 'JWT_SECRET must have at least 32 characters' })
  JWT_SECRET: string;

  @IsNotEmpty()
  HOST = '127.0.0.1';

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT = 3000;

  /** Where people reach the installation. Default: made from HOST and PORT. */
  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_tld: false },
    { message: 'PUBLIC_URL must be an http:// or https:// URL' },
  )
  PUBLIC_URL?: string;

  /** For `/metrics`, on HOST. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(65_535)
  METRICS_PORT = 9464;

  @IsIn(['on', 'off'])
  RATE_LIMIT = 'on';

  /** Most `POST /bookings` that are being answered at once; past that the answer is 503. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  HOLDS_AT_ONCE = 2_000;

  /** Most confirms, cancels and reductions that are being answered at once, beside the holds. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  CHANGES_AT_ONCE = 2_000;

  /** How many proxies in front may be believed about the client's address. */
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(10)
  TRUST_PROXY_HOPS = 0;

  /** How long a session lives that nobody uses. */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(365)
  REFRESH_TOKEN_DAYS = 14;

  /** The built single-page app, to be served too. Default: none, a web server in front does it. */
  @IsOptional()
  SPA_DIR?: string;

  get publicUrl(): URL {
    return new URL(this.PUBLIC_URL ?? `http://${this.HOST}:${this.PORT}`);
  }
}
