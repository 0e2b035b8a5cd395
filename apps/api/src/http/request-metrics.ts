import { Durations, type DurationSeries, type Logger } from '@modex/platform';
import type { FastifyInstance } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import { ANSWERERS, type Answerer } from './refusals.js';

const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Codes of problems that the server causes, not the client. */
const TROUBLES = ['INTERNAL_ERROR', 'OUTCOME_UNKNOWN', 'OVERLOADED', 'UNAVAILABLE'];

/**
 * Rate, errors and duration of every route, problems by code, and one log line for each request.
 * Shed requests are not logged; cached responses (nine in ten) and early refusals are logged at
 * `debug` only, since a log line costs half as much as answering them.
 */
export function observeRequests(
  fastify: FastifyInstance,
  registry: Registry,
  logger: Logger,
): void {
  const durations = new RouteDurations(registry);
  const problems = new Counter({
    name: 'modex_problems_total',
    help: 'Answers that were no success, by the code of their problem.',
    labelNames: ['code'],
    registers: [registry],
  });
  // Alerts need the series from the start, so that its first increase counts.
  for (const code of TROUBLES) problems.inc({ code }, 0);
  fastify.decorateReply('answeredBy', 'handler');
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, id: requestId } = request;
    const { url: route = 'none', config } = request.routeOptions;
    const status = reply.statusCode;
    const by = reply.answeredBy;
    durations.of(config, route, method, status, by).observe(reply.elapsedTime / 1_000);
    if (reply.problemCode !== null) problems.inc({ code: reply.problemCode });
    if (by === 'admission') return done();
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    const level = by === 'handler' ? 'info' : 'debug';
    const line = { requestId, method, route, status, ms };
    const { traced } = request;
    logger[level](traced ? { ...line, traceId: traced.traceId } : line, 'answered');
    done();
  });
}

/** The series of each route, looked up without building a string. */
class RouteDurations {
  private readonly durations: Durations;
  /** By the route's config object and method; then by answerer and status class. */
  private readonly routes = new Map<object, Map<string, DurationSeries[]>>();

  constructor(registry: Registry) {
    this.durations = new Durations({
      name: 'modex_http_request_duration_seconds',
      help: 'Time from the request to its answer, by what answered.',
      buckets: BUCKETS,
      registry,
    });
  }

  of(key: object, route: string, method: string, status: number, by: Answerer): DurationSeries {
    let methods = this.routes.get(key);
    if (!methods) this.routes.set(key, (methods = new Map()));
    let series = methods.get(method);
    if (!series) methods.set(method, (series = []));
    const statusClass = Math.floor(status / 100);
    const i = statusClass * ANSWERERS.length + ANSWERERS.indexOf(by);
    return (series[i] ??= this.durations.series({
      method,
      route,
      status: `${statusClass}xx`,
      by,
    }));
  }
}
