import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, type Registry } from 'prom-client';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { callerAddress } from './caller-address.js';
import { FixedWindowRateLimiter, type Window } from './fixed-window-rate-limiter.js';
import type { ProblemSource } from './problem.js';
import type { Refusals } from './refusals.js';
import { RouteSettings } from './route-settings.decorator.js';
import type { SharedLimiter, SharedLimiters } from './shared-limiters.js';

const WINDOW_SECONDS = 60;
/** All paths without a route share one window. */
const NO_ROUTE = 'none';
const LIMITED: ProblemSource = {
  status: 429,
  code: 'RATE_LIMITED',
  detail: 'Too many requests. Try again later.',
};

/** Most requests a minute of one caller to one route, by policy. */
export interface RateLimitSettings {
  default: number;
  /** Sign-in and registration, which password guessing needs. */
  'sign-in': number;
}

export type RateLimitPolicy = keyof RateLimitSettings;

declare module 'fastify' {
  interface FastifyContextConfig {
    rateLimit?: RateLimitPolicy | 'none';
  }
  interface FastifyRequest {
    /** `RateLimit` header fields, names and values alternating; null without a limit. */
    rateLimit: readonly string[] | null;
  }
}

/** The policy that limits a route's requests. */
export const RateLimit = (rateLimit: RateLimitPolicy | 'none'): MethodDecorator =>
  RouteSettings({ rateLimit });

/**
 * Limits requests by caller, route and minute in the first hooks. With Redis all instances share the
 * `sign-in` limit; every other limit, and all of them while Redis is away, holds for each process.
 * Responses carry the fields of the IETF's RateLimit draft.
 *
 * @param settings null means no limits
 */
export function limitRates(
  fastify: FastifyInstance,
  registry: Registry,
  refusals: Refusals,
  settings: RateLimitSettings | null,
  shared: SharedLimiters,
): void {
  fastify.decorateRequest('rateLimit', null);
  const limiter = new FixedWindowRateLimiter();
  fastify.addHook('onClose', (_instance, done) => {
    limiter.close();
    done();
  });
  const limited = observe(registry, limiter);
  if (!settings) return;
  const signIns = shared.create('sign-in', {
    points: settings['sign-in'],
    duration: WINDOW_SECONDS,
    // A caller past the limit costs no round trip until the window ends.
    inMemoryBlockOnConsumed: settings['sign-in'],
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const { url = NO_ROUTE, config } = request.routeOptions;
    const name = config.rateLimit ?? 'default';
    if (name === 'none' || !(request.is404 || url.startsWith('/api/v1/'))) return done();
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = request.is404 ? NO_ROUTE : `${method} ${url}`;
    const caller = callerAddress(request.ip, request.socket.remoteAddress ?? '');
    const take = () => limiter.take(caller, route, WINDOW_SECONDS * 1_000);
    const decide = (window: Window) => {
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
    };
    if (name !== 'sign-in' || !signIns) return decide(take());
    takeShared(signIns, `${caller} ${route}`, settings[name]).catch(take).then(decide).catch(done);
  });
}

/** @throws when Redis is away */
async function takeShared(limiter: SharedLimiter, key: string, limit: number): Promise<Window> {
  try {
    const { consumedPoints, msBeforeNext } = await limiter.consume(key);
    return { hits: consumedPoints, endsAt: performance.now() + msBeforeNext };
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    return { hits: limit + 1, endsAt: performance.now() + error.msBeforeNext };
  }
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
  // Alerts need the series from the start, so that its first increase counts.
  for (const policy of ['default', 'sign-in'] satisfies RateLimitPolicy[])
    limited.inc({ policy }, 0);
  const callers = new Gauge({
    name: 'modex_rate_limit_callers',
    help: 'Callers with a request in the last minute or two, by address as the rate limits count it.',
    registers: [],
    collect() {
      this.set(limiter.callerCount);
    },
  });
  registry.registerMetric(callers);
  return limited;
}
