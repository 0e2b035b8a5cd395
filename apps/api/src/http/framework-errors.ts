import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ConnectionError, FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemOf, sendProblem, type ProblemSource } from './problem.js';
import type { Headers } from './security-headers.js';

const UNREADABLE: ProblemSource = {
  status: 400,
  code: 'BAD_REQUEST',
  detail: 'This is not a request that can be read.',
};

/** Errors of Node while it reads a request, by code. */
const REFUSALS: Readonly<Record<string, ProblemSource>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'HEADERS_TOO_LARGE',
    detail: 'The address and the headers together are too long.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'REQUEST_TIMEOUT',
    detail: 'The request did not come in time.',
  },
};

/** Errors of Fastify before any hook, such as a URL that cannot be decoded. */
export function answerFrameworkErrors(headers: Headers) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    void reply.headers(headers);
    sendProblem(request, reply, { status: 400, code: 'BAD_REQUEST', detail: error.message });
  };
}

/** Errors of Node before there is a request. The connection is closed after the answer. */
export function answerClientErrors(headers: Headers) {
  return (error: ConnectionError, socket: Socket): void => {
    // A connection without a request (opened ahead of need) gets no answer.
    const hasRequest = socket.bytesRead > 0;
    if (hasRequest && error.code !== 'ECONNRESET' && socket.writable) {
      socket.write(rawAnswer(REFUSALS[error.code] ?? UNREADABLE, headers));
    }
    socket.destroy(error);
  };
}

/** A whole HTTP response, for connections without a Fastify request. */
export function rawAnswer(source: ProblemSource, headers: Headers, url = ''): string {
  const problem = problemOf({ url, id: randomUUID() }, source);
  const body = JSON.stringify(problem);
  const { retryAfter } = problem;
  return [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${problem.requestId}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'Cache-Control: no-store',
    ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
