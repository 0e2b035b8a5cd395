import { HealthChecks, NestLogger, type Logger } from '@modex/platform';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { WorkerConfig } from './config/worker-config.js';
import { WorkerModule } from './worker.module.js';

/** The whole worker, at work: `main.ts` and the tests run the same. */
export async function createWorker(
  config: WorkerConfig,
  logger: Logger,
): Promise<INestApplicationContext> {
  const worker = await NestFactory.createApplicationContext(WorkerModule.forRoot(config, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const database = worker.get<DataSource>(getDataSourceToken());
  worker.get(HealthChecks).register('database', () => database.query('SELECT 1'));
  return worker;
}
