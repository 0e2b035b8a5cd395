import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemOf, type ProblemSource } from './problem.js';
import type { Headers } from './security-headers.js';

/** What answered: the route's handler, the cache, admission control, or another early refusal. */
export const ANSWERERS = ['handler', 'cached', 'admission', 'refusal'] as const;
export type Answerer = (typeof ANSWERERS)[number];

declare module 'fastify' {
  interface FastifyReply {
    answeredBy: Answerer;
  }
}

/** Sends problems directly, past all further hooks: during a flood, refusals are most of the work. */
export class Refusals {
  private readonly headers: string[];

  /** @param headers of every response */
  constructor(headers: Headers) {
    const common = { ...headers, 'Content-Type': PROBLEM_TYPE, 'Cache-Control': 'no-store' };
    this.headers = Object.entries(common).flat();
  }

  /** @param further headers, names and values alternating */
  send(
    request: FastifyRequest,
    reply: FastifyReply,
    problem: ProblemSource,
    further: readonly string[] = [],
    by: Answerer = 'refusal',
  ): void {
    const body = Buffer.from(JSON.stringify(problemOf(request, problem)));
    const headers = [...this.headers, ...further];
    headers.push('Content-Length', String(body.length), 'X-Request-Id', request.id);
    const { retryAfter } = problem.members ?? {};
    if (typeof retryAfter === 'number') headers.push('Retry-After', String(retryAfter));
    if (problem.status === 401) headers.push('WWW-Authenticate', 'Bearer');
    reply.problemCode = problem.code;
    reply.answeredBy = by;
    reply.hijack();
    reply.raw.writeHead(problem.status, headers).end(body);
  }
}
