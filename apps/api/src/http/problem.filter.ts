import {
  DomainError,
  errorCode,
  isDatabaseAway,
  isTimeout,
  mayHaveCommitted,
  outcomeUnknown,
  overloaded,
  unavailable,
} from '@modex/domain';
import type { Logger } from '@modex/platform';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fromDomain, sendProblem, type ProblemSource } from './problem.js';

const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
  503: 'UNAVAILABLE',
};

/** Turns exceptions into RFC 9457 problem details. A 500 reveals only its request id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = explain(exception, request.method);
    if (shouldLog(problem.status, exception)) this.report(problem.status, exception, request);
    sendProblem(request, reply, problem);
  }

  private report(status: number, exception: unknown, request: FastifyRequest): void {
    const level = status === 503 ? 'warn' : 'error';
    const { id: requestId, method, url, traced } = request;
    const line = { err: exception, requestId, method, url };
    this.logger[level](traced ? { ...line, traceId: traced.traceId } : line, 'request failed');
  }
}

/** A request shed by a full queue is not logged: metrics count it. */
function shouldLog(status: number, exception: unknown): boolean {
  if (exception instanceof DomainError && exception.code === 'OVERLOADED') {
    return exception.cause !== undefined;
  }
  return status >= 500;
}

function explain(exception: unknown, method: string): ProblemSource {
  if (exception instanceof DomainError) return fromDomain(exception);
  if (exception instanceof HttpException) {
    return fromStatus(exception.getStatus(), exception.message);
  }
  if (isDatabaseAway(exception)) {
    // Only the ledger checks whether a COMMIT succeeded before its connection was lost.
    const reads = method === 'GET' || method === 'HEAD';
    return fromDomain(reads || !mayHaveCommitted(exception) ? unavailable() : outcomeUnknown());
  }
  if (isTimeout(exception)) return fromDomain(overloaded());
  if (isBadData(exception)) {
    return { status: 400, code: 'VALIDATION_FAILED', detail: 'A value cannot be stored.' };
  }
  const { statusCode, message } = exception as { statusCode?: unknown; message?: unknown };
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return fromStatus(statusCode, String(message));
  }
  return { status: 500, code: 'INTERNAL_ERROR', detail: 'Something went wrong on our side.' };
}

function fromStatus(status: number, detail: string): ProblemSource {
  return { status, code: CODE_BY_STATUS[status] ?? 'BAD_REQUEST', detail };
}

/** SQLSTATE class 22: a text with a NUL character, for example. */
function isBadData(exception: unknown): boolean {
  return errorCode(exception)?.startsWith('22') ?? false;
}
