import type { Logger } from '../logging/logger.js';
import type { Tracing } from './tracing.js';

export interface TracingSettings {
  /** An OTLP/HTTP collector, without `/v1/traces`. */
  endpoint: string;
  /** Headers for it, such as a key: `name=value`, separated by commas. */
  headers: string | undefined;
  /** The share of traces beginning here that are sampled, from 0 to 1. */
  share: number;
}

/**
 * Returns null without settings, and then does not load OpenTelemetry.
 * @param name of the process, such as `modex-api`
 */
export async function startTracing(
  settings: TracingSettings | undefined,
  name: string,
  logger: Logger,
): Promise<Tracing | null> {
  if (!settings) return null;
  const { OpenTelemetry } = await import('./open-telemetry.js');
  return new OpenTelemetry(settings, name, logger);
}
