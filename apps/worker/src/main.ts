import 'reflect-metadata';
import {
  explainListenError,
  failStart,
  HealthChecks,
  loadConfig,
  misspeltVariables,
  OperatorServer,
  startLogging,
  stopOnSignal,
  tellParent,
  watchEventLoop,
} from '@modex/platform';
import { checkDatabase, DatabaseNotReadyError } from '@modex/domain';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { WorkerConfig } from './config/worker-config.js';
import { createWorker } from './create-worker.js';

async function start(): Promise<void> {
  const config = loadConfig(WorkerConfig, process.env);
  const { logger, tracing } = await startLogging(config, 'worker');
  const warnings = misspeltVariables(WorkerConfig, process.env);
  warnings.push(
    ...(await checkDatabase(config.DATABASE_URL, 'modex worker', config.distributedSettings)),
  );
  for (const warning of warnings) logger.warn(warning);
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
  watchEventLoop('worker', config.EVENT_LOOP_TIMEOUT_SECONDS, logger);
  logger.info({ port }, 'at work');
  tellParent({ operatorsPort: port });
}

start().catch((error: unknown) => failStart(error, [DatabaseNotReadyError]));
