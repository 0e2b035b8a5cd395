import type { Logger } from '../logging/logger.js';
import type { Tracing } from './tracing.js';

export interface TracingSettings {
  /** Of a collector that speaks OTLP over HTTP, without `/v1/traces`. */
  endpoint: string;
  /** Headers that it wants, such as a key: `name=value` with commas between. */
  headers: string | undefined;
  /** How many of the traces that begin here are recorded, from 0 to 1. */
  share: number;
}

/**
 * Null where nobody wants traces: OpenTelemetry is not even loaded then.
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
