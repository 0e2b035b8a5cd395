import {
  DomainError,
  errorCode,
  isConnectionLost,
  isTimeout,
  outcomeUnknown,
  overloaded,
  unavailable,
  type DomainErrorKind,
} from '@modex/domain';
import type { Logger } from '@modex/platform';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ThrottlerException } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemBody, type ProblemSource } from './problem.js';

const STATUS_BY_KIND: Readonly<Record<DomainErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'key-reused': 422,
  unavailable: 503,
};

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

/** Turns whatever was thrown into RFC 9457 problem details. A 5xx says nothing but its request id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = explain(exception, request.method);
    if (problem.status >= 500) this.report(problem.status, exception, request);
    // The client is gone, or half of the answer is out already.
    if (reply.sent) return;
    const { retryAfter } = problem.members ?? {};
    if (typeof retryAfter === 'number') void reply.header('Retry-After', retryAfter);
    if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
    const [path = ''] = request.url.split('?');
    void reply
      .status(problem.status)
      .header('Content-Type', PROBLEM_TYPE)
      .header('Cache-Control', 'no-store')
      .send(JSON.stringify(problemBody(problem, path, request.id)));
  }

  private report(status: number, exception: unknown, { id, method, url }: FastifyRequest): void {
    const level = status === 503 ? 'warn' : 'error';
    this.logger[level]({ err: exception, requestId: id, method, url }, 'request failed');
  }
}

function explain(exception: unknown, method: string): ProblemSource {
  if (exception instanceof DomainError) return fromDomain(exception);
  if (exception instanceof ThrottlerException) {
    return { status: 429, code: 'RATE_LIMITED', detail: 'Too many requests. Try again later.' };
  }
  if (exception instanceof HttpException) {
    return fromStatus(exception.getStatus(), exception.message);
  }
  if (isConnectionLost(exception)) {
    // Outside the ledger nobody asked whether the lost connection took a COMMIT along.
    return fromDomain(method === 'GET' || method === 'HEAD' ? unavailable() : outcomeUnknown());
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

function fromDomain({ kind, code, message, details }: DomainError): ProblemSource {
  return { status: STATUS_BY_KIND[kind], code, detail: message, members: details };
}

function fromStatus(status: number, detail: string): ProblemSource {
  return { status, code: CODE_BY_STATUS[status] ?? 'BAD_REQUEST', detail };
}

/** SQLSTATE class 22: a text with a NUL character, for example. */
function isBadData(exception: unknown): boolean {
  return errorCode(exception)?.startsWith('22') ?? false;
}
