import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthChecks } from '../health/health-checks.js';
import type { Logger } from '../logging/logger.js';

/** After this time the process ends, whatever is still open. Milliseconds. */
const CLOSE_TIMEOUT_MS = 9_000;

export interface StoppableProcess {
  logger: Logger;
  health: HealthChecks;
  /** Between "not ready" and closing. Seconds. */
  delaySeconds: number;
  /** Finishes what is in flight and closes everything. */
  close: () => Promise<void>;
}

/** On SIGTERM or SIGINT: becomes unready, waits for the load balancer, closes, and exits with 0. */
export function stopOnSignal({ logger, health, delaySeconds, close }: StoppableProcess): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    health.stop();
    setTimeout(() => {
      logger.error('could not close in time');
      process.exit(1);
    }, CLOSE_TIMEOUT_MS).unref();
    await sleep(delaySeconds * 1_000);
    await close();
    logger.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        logger.fatal({ err: error }, 'closing failed');
        process.exit(1);
      });
    });
  }
}
