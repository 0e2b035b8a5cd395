import { DomainModule } from '@modex/domain';
import type { Logger, Tracing } from '@modex/platform';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthModule } from './auth/auth.module.js';
import { BookingsModule } from './bookings/bookings.module.js';
import type { ApiConfig } from './config/api-config.js';
import { CoreModule } from './core.module.js';
import { HealthModule } from './health/health.module.js';
import { AccessGuard } from './http/access/access.guard.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { ShowsModule } from './shows/shows.module.js';

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
        AuthModule,
        ShowsModule,
        BookingsModule,
        NotificationsModule,
        RealtimeModule,
        HealthModule,
        ...extensions,
      ],
      providers: [{ provide: APP_GUARD, useClass: AccessGuard }],
    };
  }
}
