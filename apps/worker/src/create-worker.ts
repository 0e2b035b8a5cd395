import {
  assertWritable,
  BookingEngine,
  failureOf,
  LEDGER,
  poolUse,
  WriteHealth,
} from '@modex/domain';
import {
  HealthChecks,
  NestLogger,
  observeEngine,
  observeHealth,
  observePools,
  type Logger,
  type Tracing,
} from '@modex/platform';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { WorkerConfig } from './config/worker-config.js';
import { WorkerModule } from './worker.module.js';

/** The whole worker, at work: `main.ts` and the tests run the same. */
export async function createWorker(
  config: WorkerConfig,
  logger: Logger,
  tracing: Tracing | null = null,
): Promise<INestApplicationContext> {
  const module = WorkerModule.forRoot(config, logger, tracing);
  const worker = await NestFactory.createApplicationContext(module, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const database = worker.get<DataSource>(getDataSourceToken());
  const ledger = worker.get<DataSource>(getDataSourceToken(LEDGER));
  const registry = worker.get<Registry>(Registry);
  const health = worker.get(HealthChecks);
  const writes = worker.get(WriteHealth);
  health.register('database', () => assertWritable(database));
  health.register('ledger', () => writes.check());
  observeEngine(registry, worker.get(BookingEngine), failureOf);
  observePools(registry, { reads: () => poolUse(database), ledger: () => poolUse(ledger) });
  observeHealth(registry, health);
  return worker;
}
