import type { Server } from 'node:http';
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
import type { Type } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { checkDatabase, DatabaseNotReadyError } from '@modex/domain';
import { ApiConfig } from './config/api-config.js';
import { createApp } from './create-app.js';

/**
 * The listen backlog, up to the system's limit (`net.core.somaxconn`). With Node's 511, some
 * connections are lost when thousands connect at once.
 */
const LISTEN_BACKLOG = 4_096;

/**
 * Starts the API with the configuration of the environment, and stops it on a signal.
 * @param extensions modules beside the API's own
 */
export function startApi(extensions: Type[] = []): void {
  start(extensions).catch((error: unknown) => failStart(error, [DatabaseNotReadyError]));
}

async function start(extensions: Type[]): Promise<void> {
  const config = loadConfig(ApiConfig, process.env);
  const { logger, tracing } = await startLogging(config, 'api');
  const warnings = misspeltVariables(ApiConfig, process.env);
  warnings.push(
    ...(await checkDatabase(config.DATABASE_URL, 'modex api', config.distributedSettings)),
  );
  for (const warning of warnings) logger.warn(warning);
  const app = await createApp(config, logger, extensions, tracing);
  const health = app.get(HealthChecks);
  const registry = app.get<Registry>(Registry);
  collectDefaultMetrics({ register: registry });
  const operators = new OperatorServer(registry, health);
  const metricsPort = await operators
    .listen(config.HOST, config.METRICS_PORT)
    .catch((error: unknown) => {
      throw explainListenError(error, 'METRICS_PORT', config.METRICS_PORT);
    });
  const { PORT: port, HOST: host } = config;
  await app.listen({ port, host, backlog: LISTEN_BACKLOG }).catch((error: unknown) => {
    throw explainListenError(error, 'PORT', port);
  });
  const server: Server = app.getHttpServer();
  // Connections of a load balancer close after a response, not under its next request.
  health.onStop(() => {
    server.prependListener('request', (_request, response) => {
      response.setHeader('Connection', 'close');
    });
  });
  stopOnSignal({
    logger,
    health,
    delaySeconds: config.SHUTDOWN_DELAY_SECONDS,
    close: async () => {
      // Connections become idle during closing, when their last request ends.
      const closing = setInterval(() => server.closeIdleConnections(), 50);
      await app.close();
      clearInterval(closing);
      await operators.close();
      await tracing?.close();
    },
  });
  watchEventLoop('api', config.EVENT_LOOP_TIMEOUT_SECONDS, logger);
  logger.info({ url: await app.getUrl(), metricsPort }, 'listening');
  tellParent({ operatorsPort: metricsPort });
}
