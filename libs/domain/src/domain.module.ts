import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type FactoryProvider,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { BookingEngine } from './ledger/booking-engine.js';
import { BookingsReader } from './bookings/bookings.reader.js';
import { BookingsService } from './bookings/bookings.service.js';
import type { HoldLimits } from './bookings/hold-limits.js';
import { HoldExpiry } from './bookings/hold-expiry.js';
import { Ledger } from './ledger/ledger.js';
import { dataSourceOptions, type ConnectionSettings } from './database/data-source.js';
import { DatabaseClock } from './database/database-clock.js';
import { ReadReplicas, type ReplicaSettings } from './database/read-replicas.js';
import { onPrimary } from './database/read-source.js';
import { WriteHealth, type OnWritableChange } from './database/write-health.js';
import type { GroupCommitSettings } from './ledger/group-commit.js';
import { assertProvidedOnce } from './provided-once.js';
import { ShowsSearch } from './shows/shows-search.js';
import { ShowsReader } from './shows/shows.reader.js';
import { ShowsService } from './shows/shows.service.js';
import type { Tracing } from './tracing/tracing.js';
import { UsersService } from './users/users.service.js';

export interface DomainSettings {
  /** For reads and accounts. */
  database: ConnectionSettings;
  /** For the ledger: a pool of its own, so that lock waits do not use up the readers' connections. */
  ledgerPoolSize: number;
  /** How long a hold lasts on a show that does not say. Seconds. */
  holdSeconds: number;
  /** Whether the database is distributed by show. */
  sharded: boolean;
  idempotencyAcrossShows: boolean;
  /** For searches of shows: a pool of its own, so that searches delay no other reads. Default: no searches. */
  searchPoolSize?: number;
  /** Most slots that one account holds at once. Default: no limit. */
  maxHeldSlotsPerUser?: number | undefined;
  /** How commands share transactions; each lane has one connection of the ledger's pool. */
  groupCommit: GroupCommitSettings;
  /** For reads that tolerate a little lag. Default: they use the primary too. */
  replicas?: ReplicaSettings;
  /** Null or absent: tracing is off. */
  tracing?: Tracing | null;
  onWritableChange?: OnWritableChange;
}

const NO_REPLICAS: ReplicaSettings = { urls: [], maxLagMs: Infinity, onChange: () => {} };

/** Longest wait of a batch for a connection of the ledger's pool. Milliseconds. */
const LEDGER_CONNECT_TIMEOUT_MS = 10_000;

/** Time-out of a search's connection; the server ends the statement earlier. Milliseconds. */
const SEARCH_ANSWER_TIMEOUT_MS = 1_000;

/** The name of the ledger's DataSource. */
export const LEDGER = 'ledger';

/** The name of the searches' DataSource. */
export const SEARCH = 'search';

/** The token of the `ShowsReader` that reads from replicas, a little behind the primary. */
export const REPLICA_SHOWS = 'REPLICA_SHOWS';

/** The booking domain as a Nest module: DataSources and services, without HTTP or sockets. */
@Module({})
export class DomainModule
  implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(
    private readonly engine: BookingEngine,
    private readonly replicas: ReadReplicas,
    private readonly modules: ModulesContainer,
  ) {}

  onModuleInit(): void {
    assertProvidedOnce(this.modules, this);
    this.replicas.start();
  }

  /** Queued commands finish while the connections to the database are still open. */
  beforeApplicationShutdown(): Promise<void> {
    return this.engine.drain();
  }

  onApplicationShutdown(): Promise<void> {
    return this.replicas.close();
  }

  static forRoot(settings: DomainSettings): DynamicModule {
    const { database } = settings;
    const fromDataSource = <T>(Service: new (dataSource: DataSource) => T): FactoryProvider<T> => ({
      provide: Service,
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource) => new Service(dataSource),
    });
    const providers: FactoryProvider[] = [
      fromDataSource(DatabaseClock),
      {
        provide: ReadReplicas,
        inject: [getDataSourceToken()],
        useFactory: (dataSource: DataSource) =>
          new ReadReplicas(dataSource, database, settings.replicas ?? NO_REPLICAS),
      },
      {
        provide: ShowsReader,
        inject: [getDataSourceToken()],
        useFactory: (dataSource: DataSource) => new ShowsReader(onPrimary(dataSource)),
      },
      {
        provide: REPLICA_SHOWS,
        inject: [ReadReplicas],
        useFactory: (replicas: ReadReplicas) => new ShowsReader(replicas),
      },
      fromDataSource(BookingsReader),
      fromDataSource(UsersService),
      {
        provide: BookingEngine,
        inject: [getDataSourceToken(LEDGER)],
        useFactory: (dataSource: DataSource) =>
          new BookingEngine(
            new Ledger(dataSource, settings, settings.tracing),
            settings.groupCommit,
            settings.tracing,
          ),
      },
      {
        provide: WriteHealth,
        inject: [getDataSourceToken(LEDGER), BookingEngine],
        useFactory: (dataSource: DataSource, engine: BookingEngine) =>
          new WriteHealth(dataSource, engine.transactions, settings.onWritableChange),
      },
      {
        provide: BookingsService,
        inject: [BookingEngine],
        useFactory: (engine: BookingEngine) =>
          new BookingsService(engine, settings.holdSeconds, limitsOf(settings)),
      },
      {
        provide: ShowsService,
        inject: [getDataSourceToken(), BookingEngine],
        useFactory: (dataSource: DataSource, engine: BookingEngine) =>
          new ShowsService(dataSource, engine),
      },
      {
        provide: HoldExpiry,
        inject: [getDataSourceToken(), BookingEngine],
        useFactory: (dataSource: DataSource, engine: BookingEngine) =>
          new HoldExpiry(dataSource, engine),
      },
    ];
    const { searchPoolSize } = settings;
    if (searchPoolSize !== undefined) {
      providers.push({
        provide: ShowsSearch,
        inject: [ReadReplicas, getDataSourceToken(SEARCH)],
        useFactory: (replicas: ReadReplicas, dataSource: DataSource) =>
          new ShowsSearch(replicas.withPrimary(dataSource)),
      });
    }
    const pool = (name: string, own: Partial<ConnectionSettings>) => {
      const applicationName = `${database.applicationName} ${name}`;
      return TypeOrmModule.forRoot({
        ...dataSourceOptions({ ...database, ...own, applicationName }),
        name,
        retryAttempts: 0,
      });
    };
    return {
      module: DomainModule,
      global: true,
      imports: [
        // A start that cannot reach its database fails at once; a supervisor may restart it.
        TypeOrmModule.forRoot({ ...dataSourceOptions(database), retryAttempts: 0 }),
        pool(LEDGER, {
          poolSize: settings.ledgerPoolSize,
          connectTimeoutMs: LEDGER_CONNECT_TIMEOUT_MS,
        }),
        ...(searchPoolSize === undefined
          ? []
          : [
              pool(SEARCH, { poolSize: searchPoolSize, answerTimeoutMs: SEARCH_ANSWER_TIMEOUT_MS }),
            ]),
      ],
      providers,
      exports: providers.map(({ provide }) => provide),
    };
  }
}

function limitsOf({ maxHeldSlotsPerUser }: DomainSettings): HoldLimits | null {
  return maxHeldSlotsPerUser === undefined ? null : { maxHeldSlots: maxHeldSlotsPerUser };
}
