import type { ProcessConfig } from '../config/process-config.js';
import { startTracing } from '../tracing/start-tracing.js';
import type { Tracing } from '../tracing/tracing.js';
import { createLogger, type Logger } from './logger.js';

/**
 * Starts the logging of a process, and its tracing if configured.
 * @param name of the process, such as `api`
 */
export async function startLogging(
  { LOG_LEVEL, tracing: settings }: ProcessConfig,
  name: string,
): Promise<{ logger: Logger; tracing: Tracing | null }> {
  // The tracing logs while it starts, and the logger reads trace ids from it afterwards.
  let tracing: Tracing | null = null;
  const logger = createLogger(name, LOG_LEVEL, settings ? () => tracing?.traceId : null);
  tracing = await startTracing(settings, `modex-${name}`, logger);
  return { logger, tracing };
}
