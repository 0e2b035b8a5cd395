import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { withoutAddresses } from './without-addresses.js';

export type { Logger } from 'pino';

/**
 * JSON lines on standard output, one writer a process. Lines are buffered for at most 100 ms, so
 * that a busy process does not make a system call for each; the last ones are flushed at exit.
 * @param traceId of the work at hand, where operators follow it: lines carry it
 */
export function createLogger(
  name: string,
  level: string,
  traceId: (() => string | undefined) | null = null,
): Logger {
  const destination = pino.destination({ sync: false, minLength: 16_000, periodicFlush: 100 });
  const flush = () => {
    try {
      destination.flushSync();
    } catch {
      // Nothing was opened yet or the reader is gone: there is nobody to tell.
    }
  };
  process.on('exit', flush);
  return pino(
    {
      name,
      level,
      base: { name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      hooks: { streamWrite: withoutAddresses },
      ...(traceId && { mixin: () => traceOf(traceId()) }),
      redact: ['authorization', 'cookie', 'password', 'token', '*.authorization', '*.cookie'],
    },
    destination,
  );
}

function traceOf(traceId: string | undefined): object {
  return traceId === undefined ? {} : { traceId };
}

interface LoggedError {
  type: string;
  message: string;
  code?: unknown;
  stack?: string;
  cause?: LoggedError;
}

/** What is known to be harmless of an error: drivers hang whole connections on theirs. */
function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    type: name,
    message,
    stack,
    ...(code !== undefined && { code }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

/** Nest's own messages, through the same logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.write('warn', message, context);
  }

  error(message: unknown, ...context: unknown[]): void {
    this.write('error', message, context);
  }

  fatal(message: unknown, ...context: unknown[]): void {
    this.write('fatal', message, context);
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.write('trace', message, context);
  }

  private write(
    level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal',
    message: unknown,
    context: unknown[],
  ): void {
    if (message instanceof Error) this.logger[level]({ err: message, context }, message.message);
    else this.logger[level]({ context }, String(message));
  }
}

/** Injection token of the process's logger. */
export const LOGGER = Symbol('Logger');
