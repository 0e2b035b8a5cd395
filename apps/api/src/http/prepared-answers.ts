import { HttpStatus } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isNamed, REVALIDATE } from './etag.js';
import type { RateLimitGuard } from './rate-limit.guard.js';
import type { Turns } from './turns.js';

export const JSON_TYPE = 'application/json; charset=utf-8';
/** As `Cache-Status` (RFC 9211) says that an answer lay ready. */
export const HIT = 'Modex; hit';

/** An answer that lies ready: for everybody, and good until it is found no more. */
export interface PreparedAnswer {
  body: Buffer;
  etag: string;
  /** `Class.method` that answers the route otherwise. */
  route: string;
}

export interface PreparedAnswers {
  find(url: string): PreparedAnswer | null;
}

declare module 'fastify' {
  interface FastifyReply {
    /** Whether the answer lay ready. */
    wasPrepared: boolean;
  }
}

/**
 * Gives answers that lie ready by the shortest way: no guard but the rate limit, no pipe and no
 * serialisation has anything to add to them.
 *
 * @param limits null where requests are not limited
 * @param headers that every answer carries
 */
export function givePreparedAnswers(
  fastify: FastifyInstance,
  answers: PreparedAnswers,
  limits: RateLimitGuard | null,
  turns: Turns,
  headers: Record<string, string>,
): void {
  fastify.decorateReply('wasPrepared', false);
  const common = Object.entries({
    ...headers,
    'Cache-Control': REVALIDATE,
    'Cache-Status': HIT,
  }).flat();
  fastify.addHook('onRequest', (request, reply, done) => {
    const answer = request.method === 'GET' ? answers.find(request.url) : null;
    if (!answer) return done();
    turns.enter(() => {
      if (!limits) return give(request, reply, answer, [...common]);
      limits.take(request, answer.route).then((limit) => {
        if (limit) give(request, reply, answer, [...common, ...limit]);
        else done();
      }, done);
    }, 'prepared');
  });
}

/** @param headers names and values in turn */
function give(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag }: PreparedAnswer,
  headers: string[],
): void {
  reply.wasPrepared = true;
  const { raw } = reply.hijack();
  headers.push('ETag', etag, 'X-Request-Id', request.id);
  if (isNamed(request.headers, etag)) {
    raw.writeHead(HttpStatus.NOT_MODIFIED, headers).end();
    return;
  }
  headers.push('Content-Type', JSON_TYPE, 'Content-Length', String(body.length));
  raw.writeHead(HttpStatus.OK, headers).end(body);
}
