import { BookingEngine, failureOf, LEDGER, poolUse, SEARCH } from '@modex/domain';
import {
  BACKPLANE,
  HealthChecks,
  observeEngine,
  observeBackplane,
  observeHealth,
  observePools,
} from '@modex/platform';
import type { INestApplicationContext } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** Registers the metrics of the engine, the pools, the health checks and the backplane. */
export function observeParts(app: INestApplicationContext): void {
  const registry = app.get<Registry>(Registry);
  const reads = app.get<DataSource>(getDataSourceToken());
  const ledger = app.get<DataSource>(getDataSourceToken(LEDGER));
  observeEngine(registry, app.get(BookingEngine), failureOf);
  const search = app.get<DataSource>(getDataSourceToken(SEARCH));
  observePools(registry, {
    reads: () => poolUse(reads),
    ledger: () => poolUse(ledger),
    search: () => poolUse(search),
  });
  observeHealth(registry, app.get(HealthChecks));
  observeBackplane(registry, app.get(BACKPLANE));
}
