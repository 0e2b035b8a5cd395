import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { withoutAddresses } from './without-addresses.js';

export type { Logger } from 'pino';

/**
 * JSON lines on standard output. Lines are buffered for at most 100 ms, so that a busy process does
 * not make a system call for each; the last ones are flushed at exit.
 * @param traceId returns the current trace id, which lines carry; null without tracing
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
      // Not open yet, or the reader has closed the pipe.
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

/** The safe parts of an error: drivers attach whole connections to theirs. */
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

/** Logs Nest's own messages with the same logger. */
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
