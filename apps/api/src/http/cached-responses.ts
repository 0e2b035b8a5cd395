import { HttpStatus } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isNamed, REVALIDATE } from './etag.js';
import type { Refusals } from './refusals.js';
import { schedule, type RequestScheduler } from './request-scheduler.js';

export const JSON_TYPE = 'application/json; charset=utf-8';
/** `Cache-Status` (RFC 9211) of a response served from the cache. */
export const HIT = 'Modex; hit';

/** A public response, ready to send. */
export interface CachedResponse {
  body: Buffer;
  etag: string;
}

export interface CachedResponses {
  find(url: string): CachedResponse | null;
}

/**
 * The cached-response fast path: cached responses are served from the first hook, without guards,
 * pipes or serialisation.
 *
 * @param headers of every response
 */
export function serveCachedResponses(
  fastify: FastifyInstance,
  responses: CachedResponses,
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
    const response = request.method === 'GET' ? responses.find(request.url) : null;
    if (!response) return done();
    schedule(scheduler, refusals, request, reply, 'cached', () => {
      send(request, reply, response, [...common, ...(request.rateLimit ?? [])]);
    });
  });
}

/** @param headers names and values, alternating */
function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag }: CachedResponse,
  headers: string[],
): void {
  reply.answeredBy = 'cached';
  const { raw } = reply.hijack();
  headers.push('ETag', etag, 'X-Request-Id', request.id);
  if (isNamed(request.headers, etag)) {
    raw.writeHead(HttpStatus.NOT_MODIFIED, headers).end();
    return;
  }
  headers.push('Content-Type', JSON_TYPE, 'Content-Length', String(body.length));
  raw.writeHead(HttpStatus.OK, headers).end(body);
}
