import type { DataSourceOptions } from 'typeorm';
import { Booking } from '../bookings/booking.entity.js';
import { OutboxEvent } from '../outbox/outbox-event.entity.js';
import { Show } from '../shows/show.entity.js';
import { RefreshToken } from '../users/refresh-token.entity.js';
import { User } from '../users/user.entity.js';
import { InitialSchema1764000000000 } from './migrations/1764000000000-initial-schema.js';

export const ENTITIES = [User, RefreshToken, Show, Booking, OutboxEvent];
export const MIGRATIONS = [InitialSchema1764000000000];

export interface ConnectionSettings {
  /** `postgres://user:password@host:port/database` */
  url: string;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  /** Most connections this pool opens. */
  poolSize: number;
  /** Longest wait for a connection, a free one of the pool or a new one. Milliseconds. */
  connectTimeoutMs?: number;
  /** A statement that waits longer for a lock fails with 55P03. Milliseconds, 0 = for ever. */
  lockTimeoutMs?: number;
  /** A statement that runs longer fails with 57014. Milliseconds, 0 = for ever. */
  statementTimeoutMs?: number;
  /** Called when an idle connection breaks; the pool replaces it by itself. */
  onPoolError?: (error: Error) => void;
}

/** The one place where connection options are made: for both apps, the commands, the TypeORM CLI and tests. */
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
      lock_timeout: settings.lockTimeoutMs ?? 5_000,
      statement_timeout: settings.statementTimeoutMs ?? 10_000,
      idle_in_transaction_session_timeout: 15_000,
      // A statement whose client was killed ends, instead of waiting for its lock for ever.
      options: '-c client_connection_check_interval=1000',
    },
  };
}
