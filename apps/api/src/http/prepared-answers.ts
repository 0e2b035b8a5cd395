import { HttpStatus } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isNamed, REVALIDATE } from './etag.js';
import type { Refusals } from './refusals.js';
import { schedule, type RequestScheduler } from './request-scheduler.js';

export const JSON_TYPE = 'application/json; charset=utf-8';
/** As `Cache-Status` (RFC 9211) says that an answer lay ready. */
export const HIT = 'Modex; hit';

/** An answer that lies ready: for everybody, and good until it is found no more. */
export interface PreparedAnswer {
  body: Buffer;
  etag: string;
}

export interface PreparedAnswers {
  find(url: string): PreparedAnswer | null;
}

/**
 * Gives answers that lie ready by the shortest way: no guard, no pipe and no serialisation has
 * anything to add to them.
 *
 * @param headers that every answer carries
 */
export function givePreparedAnswers(
  fastify: FastifyInstance,
  answers: PreparedAnswers,
  scheduler: RequestScheduler,
  refusals: Refusals,
  headers: Record<string, string>,
): void {
  const common = Object.entries({
    ...headers,
    'Cache-Control': REVALIDATE,
    'Cache-Status': HIT,
  }).flat();
  fastify.addHook('onRequest', (request, reply, done) => {
    const answer = request.method === 'GET' ? answers.find(request.url) : null;
    if (!answer) return done();
    schedule(scheduler, refusals, request, reply, 'cached', () => {
      give(request, reply, answer, [...common, ...(request.rateLimit ?? [])]);
    });
  });
}

/** @param headers names and values in turn */
function give(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag }: PreparedAnswer,
  headers: string[],
): void {
  reply.answeredBy = 'prepared';
  const { raw } = reply.hijack();
  headers.push('ETag', etag, 'X-Request-Id', request.id);
  if (isNamed(request.headers, etag)) {
    raw.writeHead(HttpStatus.NOT_MODIFIED, headers).end();
    return;
  }
  headers.push('Content-Type', JSON_TYPE, 'Content-Length', String(body.length));
  raw.writeHead(HttpStatus.OK, headers).end(body);
}
