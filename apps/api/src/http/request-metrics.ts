import type { Logger } from '@modex/platform';
import type { FastifyInstance } from 'fastify';
import { Histogram, type Registry } from 'prom-client';
import { wasTurnedAway } from './admission.js';

/**
 * Rate, errors and duration of every route, and one log line a request. The door counts its own, and
 * prepared answers, nine in ten of all, get a line at the level `debug` only: it would cost as much
 * as half of their work.
 */
export function observeRequests(
  fastify: FastifyInstance,
  registry: Registry,
  logger: Logger,
): void {
  const duration = new Histogram({
    name: 'modex_http_request_duration_seconds',
    help: 'Time from the request to its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (wasTurnedAway(request)) return done();
    const { method, id: requestId } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    duration.observe({ method, route, status }, reply.elapsedTime / 1_000);
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    const level = reply.wasPrepared ? 'debug' : 'info';
    logger[level]({ requestId, method, route, status, ms }, 'answered');
    done();
  });
}
