import { DomainModule, AvailabilityUpdates } from '@modex/domain';
import { HealthChecks, LOGGER, TRACING, type Logger, type Tracing } from '@modex/platform';
import { Global, Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Registry } from 'prom-client';
import { WorkerConfig } from './config/worker-config.js';
import { ExpiryModule } from './expiry/expiry.module.js';
import { AvailabilityModule } from './availability/availability.module.js';
import { HousekeepingModule } from './housekeeping/housekeeping.module.js';
import { NOTIFICATION_HANDLER, NotificationPlanner } from './notifications/notification-planner.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { OutboxModule } from './outbox/outbox.module.js';

/** The worker: the domain without HTTP. */
@Global()
@Module({})
export class WorkerModule {
  static forRoot(
    config: WorkerConfig,
    logger: Logger,
    tracing: Tracing | null = null,
  ): DynamicModule {
    const providers = [
      { provide: WorkerConfig, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: TRACING, useValue: tracing },
      { provide: HealthChecks, useValue: new HealthChecks() },
      { provide: Registry, useValue: new Registry() },
      { provide: AvailabilityUpdates, useValue: new AvailabilityUpdates() },
    ];
    return {
      module: WorkerModule,
      imports: [
        DomainModule.forRoot({ ...config.domainSettings('modex worker', logger), tracing }),
        ScheduleModule.forRoot(),
        ...modulesOf(config),
      ],
      providers,
      exports: providers.map(({ provide }) => provide),
    };
  }
}

/** What the roles of this worker need. */
function modulesOf(config: WorkerConfig): NonNullable<ModuleMetadata['imports']> {
  const notifies = config.hasRole('notifications');
  const relays = config.hasRole('relay');
  return [
    ...(config.hasRole('expiry') ? [ExpiryModule] : []),
    // Expiry broadcasts through it, and the relay is woken by it.
    ...(config.hasRole('expiry') || relays ? [AvailabilityModule] : []),
    ...(config.hasRole('housekeeping') ? [HousekeepingModule] : []),
    ...(relays || notifies
      ? [
          OutboxModule.forRoot({
            relays,
            throttleFrom: config.RELAY_THROTTLE_FROM,
            imports: notifies ? [NotificationsModule] : [],
            handlers: notifies ? [NotificationPlanner] : [],
            handlerNames: [NOTIFICATION_HANDLER],
            rabbit: config.rabbit,
          }),
        ]
      : []),
  ];
}
