import type { DataSourceOptions } from 'typeorm';
import { Booking } from '../bookings/booking.entity.js';
import { Notification } from '../notifications/notification.entity.js';
import { OutboxEvent } from '../outbox/outbox-event.entity.js';
import { OutboxSequencer } from '../outbox/outbox-sequencer.entity.js';
import { Show } from '../shows/show.entity.js';
import { RefreshToken } from '../users/refresh-token.entity.js';
import { User } from '../users/user.entity.js';
import { InitialSchema1764000000000 } from './migrations/1764000000000-initial-schema.js';
import { OutboxCreatedAt1764100000000 } from './migrations/1764100000000-outbox-created-at.js';
import { OutboxRelay1764300000000 } from './migrations/1764300000000-outbox-relay.js';
import { OutboxTrace1764450000000 } from './migrations/1764450000000-outbox-trace.js';
import { LookupsInLargeShows1764500000000 } from './migrations/1764500000000-lookups-in-large-shows.js';
import { OneBookingPerKey1764700000000 } from './migrations/1764700000000-one-booking-per-key.js';
import { HoldsOfAccounts1764710000000 } from './migrations/1764710000000-holds-of-accounts.js';
import { RunningShows1765000000000 } from './migrations/1765000000000-running-shows.js';
import { NotificationJobs1765100000000 } from './migrations/1765100000000-notification-jobs.js';
import { Notifications1764200000000 } from './migrations/1764200000000-notifications.js';
import { ShowSearch1764600000000 } from './migrations/1764600000000-show-search.js';
import { RefreshSuccessors1764800000000 } from './migrations/1764800000000-refresh-successors.js';
import { CanonicalEmails1764810000000 } from './migrations/1764810000000-canonical-emails.js';
import { DeadLetteredEvents1765110000000 } from './migrations/1765110000000-dead-lettered-events.js';
import { EventPositions1765120000000 } from './migrations/1765120000000-event-positions.js';
import { WatchedClient } from './watched-client.js';

export const ENTITIES = [
  User,
  RefreshToken,
  Show,
  Booking,
  OutboxEvent,
  OutboxSequencer,
  Notification,
];
export const MIGRATIONS = [
  InitialSchema1764000000000,
  OutboxCreatedAt1764100000000,
  Notifications1764200000000,
  OutboxRelay1764300000000,
  OutboxTrace1764450000000,
  LookupsInLargeShows1764500000000,
  ShowSearch1764600000000,
  OneBookingPerKey1764700000000,
  HoldsOfAccounts1764710000000,
  RefreshSuccessors1764800000000,
  CanonicalEmails1764810000000,
  RunningShows1765000000000,
  NotificationJobs1765100000000,
  DeadLetteredEvents1765110000000,
  EventPositions1765120000000,
];

export interface ConnectionSettings {
  /** `postgres://user:password@host:port/database` */
  url: string;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  /** Most connections this pool opens. */
  poolSize: number;
  /** Longest wait for a connection, a free one of the pool or a new one. Milliseconds. */
  connectTimeoutMs?: number;
  /**
   * Longest silence of the server during a query, after which the connection counts as lost. Longer
   * than the role's time-outs, which end a statement that only takes long. Milliseconds.
   */
  answerTimeoutMs?: number;
  /** For migrations and audits: a statement may take any time. On a direct connection only. */
  unhurried?: boolean;
  /** Called when an idle connection breaks; the pool replaces it by itself. */
  onPoolError?: (error: Error) => void;
}

const ANSWER_TIMEOUT_MS = 15_000;

/**
 * The one place where connection options are made: for both apps, the commands, the TypeORM CLI and
 * tests. The time-outs are not among them, they are the role's (`role-timeouts.ts`): as start-up
 * parameters a PgBouncer refuses them.
 */
export function dataSourceOptions(settings: ConnectionSettings): DataSourceOptions {
  return {
    type: 'postgres',
    url: settings.url,
    applicationName: settings.applicationName,
    poolSize: settings.poolSize,
    poolErrorHandler: settings.onPoolError ?? (() => {}),
    connectTimeoutMS: settings.connectTimeoutMs ?? 3_000,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    logging: false,
    extra: {
      keepAlive: true,
      // Statements that do not wait for each other's answers are sent in one go.
      pipeline: true,
      ...(settings.unhurried
        ? { options: '-c statement_timeout=0' }
        : {
            Client: WatchedClient,
            answerTimeoutMs: settings.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
          }),
    },
  };
}
