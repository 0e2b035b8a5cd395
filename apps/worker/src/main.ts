import 'reflect-metadata';
import {
  createLogger,
  explainListenError,
  failStart,
  HealthChecks,
  loadConfig,
  OperatorServer,
  startTracing,
  stopOnSignal,
  tellParent,
  type Tracing,
} from '@modex/platform';
import { checkDatabase, DatabaseNotReadyError } from '@modex/domain';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { WorkerConfig } from './config/worker-config.js';
import { createWorker } from './create-worker.js';

async function start(): Promise<void> {
  const config = loadConfig(WorkerConfig, process.env);
  // Written to while the tracing starts, which then tells it where its lines belong.
  let tracing: Tracing | null = null;
  const logger = createLogger(
    'worker',
    config.LOG_LEVEL,
    config.tracing ? () => tracing?.traceId : null,
  );
  tracing = await startTracing(config.tracing, 'modex-worker', logger);
  await checkDatabase(config.DATABASE_URL, 'modex worker', config.distributedSettings);
  const worker = await createWorker(config, logger, tracing);
  const health = worker.get(HealthChecks);
  const registry = worker.get<Registry>(Registry);
  collectDefaultMetrics({ register: registry });
  const operators = new OperatorServer(registry, health);
  const port = await operators.listen(config.HOST, config.WORKER_PORT).catch((error: unknown) => {
    throw explainListenError(error, 'WORKER_PORT', config.WORKER_PORT);
  });
  stopOnSignal({
    logger,
    health,
    delaySeconds: config.SHUTDOWN_DELAY_SECONDS,
    close: async () => {
      await worker.close();
      await operators.close();
      await tracing?.close();
    },
  });
  logger.info({ port }, 'at work');
  tellParent({ operatorsPort: port });
}

start().catch((error: unknown) => failStart(error, [DatabaseNotReadyError]));
