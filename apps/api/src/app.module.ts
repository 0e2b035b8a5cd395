import { DomainModule } from '@modex/domain';
import type { Logger, Tracing } from '@modex/platform';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { AuthModule } from './auth/auth.module.js';
import { BookingsModule } from './bookings/bookings.module.js';
import type { ApiConfig } from './config/api-config.js';
import { CoreModule } from './core.module.js';
import { HealthModule } from './health/health.module.js';
import { AccessGuard } from './http/access/access.guard.js';
import { RequestCounts } from './http/request-counts.js';
import { RateLimitGuard } from './http/rate-limit.guard.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { ShowsModule } from './shows/shows.module.js';

/** Wide enough for an eager person or a busy office; per client, route and minute. */
const WIDE_LIMIT = { limit: 1_200, ttl: 60_000 };

@Module({})
export class AppModule {
  static forRoot(
    config: ApiConfig,
    logger: Logger,
    extensions: Type[] = [],
    tracing: Tracing | null = null,
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.forRoot(config, logger),
        DomainModule.forRoot({ ...config.domainSettings('modex api', logger), tracing }),
        ThrottlerModule.forRoot({
          throttlers: [WIDE_LIMIT],
          storage: new RequestCounts(),
          skipIf: () => config.RATE_LIMIT === 'off',
          // In this process's memory a key need not be hashed, which would cost more than the rest.
          generateKey: (context, tracker) =>
            `${context.getClass().name}.${context.getHandler().name} ${tracker}`,
        }),
        AuthModule,
        ShowsModule,
        BookingsModule,
        NotificationsModule,
        RealtimeModule,
        HealthModule,
        ...extensions,
      ],
      providers: [
        // Before the tokens are looked at, so that guessing them is limited too.
        RateLimitGuard,
        { provide: APP_GUARD, useExisting: RateLimitGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
