import type { ProcessConfig } from '../config/process-config.js';
import { startTracing } from '../tracing/start-tracing.js';
import type { Tracing } from '../tracing/tracing.js';
import { createLogger, type Logger } from './logger.js';

/**
 * What operators read of a process: its log, and its traces where they want some.
 * @param name of the process, such as `api`
 */
export async function startLogging(
  { LOG_LEVEL, tracing: settings }: ProcessConfig,
  name: string,
): Promise<{ logger: Logger; tracing: Tracing | null }> {
  // Written to while the tracing starts, which then tells it where its lines belong.
  let tracing: Tracing | null = null;
  const logger = createLogger(name, LOG_LEVEL, settings ? () => tracing?.traceId : null);
  tracing = await startTracing(settings, `modex-${name}`, logger);
  return { logger, tracing };
}
