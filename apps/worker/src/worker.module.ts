import { DomainModule } from '@modex/domain';
import { HealthChecks, LOGGER, type Logger } from '@modex/platform';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Registry } from 'prom-client';
import { WorkerConfig } from './config/worker-config.js';
import { ExpiryModule } from './expiry/expiry.module.js';
import { FeedModule } from './feed/feed.module.js';

/** The worker: the domain without HTTP. */
@Global()
@Module({})
export class WorkerModule {
  static forRoot(config: WorkerConfig, logger: Logger): DynamicModule {
    const providers = [
      { provide: WorkerConfig, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: HealthChecks, useValue: new HealthChecks() },
      { provide: Registry, useValue: new Registry() },
    ];
    return {
      module: WorkerModule,
      imports: [
        DomainModule.forRoot(config.domainSettings('modex worker', logger)),
        ScheduleModule.forRoot(),
        ExpiryModule,
        FeedModule,
      ],
      providers,
      exports: providers.map(({ provide }) => provide),
    };
  }
}
