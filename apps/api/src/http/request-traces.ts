import type { TracedRequest, Tracing } from '@modex/platform';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where nobody follows requests, and for answers that the door gave or that lay ready. */
    traced: TracedRequest | null;
  }
}

/** Follows requests from their first hook to their answer, as parts of the trace that they bring. */
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
  // After the turns of the event loop, where one request's work begins another's.
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
