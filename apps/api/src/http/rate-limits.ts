import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, type Registry } from 'prom-client';
import { callerAddress } from './caller-address.js';
import { FixedWindowRateLimiter, type Window } from './fixed-window-rate-limiter.js';
import type { ProblemSource } from './problem.js';
import type { Refusals } from './refusals.js';
import { RouteSettings } from './route-settings.decorator.js';

const WINDOW_SECONDS = 60;
/** All paths without a route are one. */
const NO_ROUTE = 'none';
const LIMITED: ProblemSource = {
  status: 429,
  code: 'RATE_LIMITED',
  detail: 'Too many requests. Try again later.',
};

/** Most requests a minute of one caller to one route, by policy. */
export interface RateLimitSettings {
  default: number;
  /** Sign-in and registration: guessing passwords must be slow. */
  'sign-in': number;
}

export type RateLimitPolicy = keyof RateLimitSettings;

declare module 'fastify' {
  interface FastifyContextConfig {
    rateLimit?: RateLimitPolicy | 'none';
  }
  interface FastifyRequest {
    /** Header fields that tell the caller's state, names and values in turn; null where not limited. */
    rateLimit: readonly string[] | null;
  }
}

/** By which policy a route's requests are limited, or that they are not. */
export const RateLimit = (rateLimit: RateLimitPolicy | 'none'): MethodDecorator =>
  RouteSettings({ rateLimit });

/**
 * Limits requests by caller, route and minute, in this process alone, and before anything is spent on
 * them. Answers carry the fields of the IETF's RateLimit draft.
 *
 * @param settings null where nothing is limited
 */
export function limitRates(
  fastify: FastifyInstance,
  registry: Registry,
  refusals: Refusals,
  settings: RateLimitSettings | null,
): void {
  fastify.decorateRequest('rateLimit', null);
  const limiter = new FixedWindowRateLimiter();
  fastify.addHook('onClose', (_instance, done) => {
    limiter.close();
    done();
  });
  const limited = observe(registry, limiter);
  if (!settings) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    const { url = NO_ROUTE, config } = request.routeOptions;
    const name = config.rateLimit ?? 'default';
    if (name === 'none' || !(request.is404 || url.startsWith('/api/v1/'))) return done();
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = request.is404 ? NO_ROUTE : `${method} ${url}`;
    const caller = callerAddress(request.ip, request.socket.remoteAddress ?? '');
    const window = limiter.take(caller, route, WINDOW_SECONDS * 1_000);
    const limit = settings[name];
    const seconds = secondsLeft(window);
    const left = Math.max(0, limit - window.hits);
    const headers = [
      'RateLimit-Policy',
      `"${name}";q=${limit};w=${WINDOW_SECONDS}`,
      'RateLimit',
      `"${name}";r=${left};t=${seconds}`,
    ];
    request.rateLimit = headers;
    if (window.hits <= limit) return done();
    limited.inc({ policy: name });
    refusals.send(request, reply, LIMITED, [...headers, 'Retry-After', String(seconds)]);
  });
}

function secondsLeft({ endsAt }: Window): number {
  return Math.ceil((endsAt - performance.now()) / 1_000);
}

function observe(registry: Registry, limiter: FixedWindowRateLimiter): Counter<'policy'> {
  const limited = new Counter({
    name: 'modex_rate_limited_total',
    help: 'Requests answered 429, by policy.',
    labelNames: ['policy'],
    registers: [registry],
  });
  // What an alert is made of is there from the start, so that its first rise is one.
  for (const policy of ['default', 'sign-in'] satisfies RateLimitPolicy[])
    limited.inc({ policy }, 0);
  const callers = new Gauge({
    name: 'modex_rate_limit_callers',
    help: 'Addresses that requests came from in the last minute or two, as the rate limits see them.',
    registers: [],
    collect() {
      this.set(limiter.callerCount);
    },
  });
  registry.registerMetric(callers);
  return limited;
}
