import { AvailabilityUpdates } from '@modex/domain';
import { createBackplane, BACKPLANE, HealthChecks, LOGGER, type Logger } from '@modex/platform';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { Registry } from 'prom-client';
import { ApiConfig } from './config/api-config.js';
import { jwtOptions } from './http/access/access-tokens.js';
import { JwtStrategy } from './http/access/jwt.strategy.js';
import { VerifiedTokens } from './http/access/verified-tokens.js';
import { Cursors } from './http/cursors.js';
import { SharedLimiters } from './http/shared-limiters.js';

/** Providers for all modules of the API. */
@Global()
@Module({})
export class CoreModule {
  static forRoot(config: ApiConfig, logger: Logger): DynamicModule {
    return {
      module: CoreModule,
      imports: [PassportModule, JwtModule.register(jwtOptions(config))],
      providers: [
        { provide: ApiConfig, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: HealthChecks, useValue: new HealthChecks() },
        { provide: Registry, useValue: new Registry() },
        {
          provide: BACKPLANE,
          useFactory: () => createBackplane(config.backplaneSettings, 'modex api', logger),
        },
        { provide: AvailabilityUpdates, useValue: new AvailabilityUpdates() },
        JwtStrategy,
        VerifiedTokens,
        Cursors,
        SharedLimiters,
      ],
      exports: [
        ApiConfig,
        BACKPLANE,
        LOGGER,
        HealthChecks,
        Registry,
        Cursors,
        JwtModule,
        AvailabilityUpdates,
        SharedLimiters,
        VerifiedTokens,
      ],
    };
  }
}
