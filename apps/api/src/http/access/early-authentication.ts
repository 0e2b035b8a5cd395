import type { Actor } from '@modex/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import passport from 'passport';
import type { ProblemSource } from '../problem.js';
import type { Refusals } from '../refusals.js';
import { schedule, type RequestScheduler } from '../request-scheduler.js';
import { bearerToken } from './bearer-token.js';
import type { VerifiedTokens } from './verified-tokens.js';

const UNAUTHORIZED: ProblemSource = {
  status: 401,
  code: 'UNAUTHORIZED',
  detail: 'This needs a valid access token.',
};

declare module 'fastify' {
  interface FastifyContextConfig {
    isPublic?: boolean;
  }
}

/** A request with a valid token; passport sets `user` too. */
export type Authenticated = FastifyRequest & { user?: Actor };

/**
 * Refuses requests without a valid token before their body is read. This only saves work; access is
 * enforced by `AccessGuard`. New tokens are verified in the scheduler's class `refused`, where a flood
 * of forged ones does not delay other requests.
 */
export function refuseUnauthenticated(
  fastify: FastifyInstance,
  tokens: VerifiedTokens,
  scheduler: RequestScheduler,
  refusals: Refusals,
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { url = '', config } = request.routeOptions;
    if (config.isPublic || !url.startsWith('/api/v1/')) return done();
    const token = bearerToken(request.headers.authorization);
    const actor = token === null ? null : tokens.find(token);
    if (actor) {
      (request as Authenticated).user = actor;
      return done();
    }
    schedule(scheduler, refusals, request, reply, 'refused', () => {
      verify(request, reply, (verified) => {
        if (!verified) return refusals.send(request, reply, UNAUTHORIZED);
        (request as Authenticated).user = verified;
        done();
      });
    });
  });
}

/** By `JwtStrategy`, which caches the verified token. */
function verify(
  request: FastifyRequest,
  reply: FastifyReply,
  done: (actor: Actor | null) => void,
): void {
  const settle = (error: unknown, actor?: Actor | false) => done(error ? null : actor || null);
  const authenticate = passport.authenticate('jwt', { session: false }, settle) as Middleware;
  authenticate(request, reply, settle);
}

/** Passport's types are for Express; it uses only the headers of a request. */
type Middleware = (
  request: FastifyRequest,
  reply: FastifyReply,
  next: (error: unknown) => void,
) => void;
