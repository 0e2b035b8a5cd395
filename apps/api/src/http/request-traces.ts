import type { TracedRequest, Tracing } from '@modex/platform';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null without tracing, for shed requests and for cached responses. */
    traced: TracedRequest | null;
  }
}

/** Traces requests from the first hook to the answer, as part of the caller's trace. */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing | null): void {
  fastify.decorateRequest('traced', null);
  if (!tracing) return;
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { method, id, headers } = request;
    const route = request.routeOptions.url ?? 'none';
    const traceParent = headers['traceparent'];
    request.traced = tracing.begin(
      `${method} ${route}`,
      typeof traceParent === 'string' ? traceParent : undefined,
      { 'http.request.method': method, 'http.route': route, 'modex.request_id': id },
    );
    done();
  });
  // After the request scheduler, which runs one request's work in the async context of another.
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (request.traced) request.traced.run(done);
    else done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { statusCode } = reply;
    request.traced?.end({ 'http.response.status_code': statusCode }, statusCode >= 500);
    done();
  });
}
