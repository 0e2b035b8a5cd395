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

/** A request whose token is valid: passport, too, writes down whose it is. */
export type Authenticated = FastifyRequest & { user?: Actor };

/**
 * Refuses requests without a valid token before their body is read. It only saves work: `AccessGuard`
 * is what keeps them out, whatever a route says here. Tokens that were not seen before are verified
 * in the class of those that are refused, where a flood of forged ones delays no others.
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

/** By `JwtStrategy`, which remembers the token. */
function verify(
  request: FastifyRequest,
  reply: FastifyReply,
  done: (actor: Actor | null) => void,
): void {
  const settle = (error: unknown, actor?: Actor | false) => done(error ? null : actor || null);
  const authenticate = passport.authenticate('jwt', { session: false }, settle) as Middleware;
  authenticate(request, reply, settle);
}

/** Passport's types know Express only; it asks no more of a request than its headers. */
type Middleware = (
  request: FastifyRequest,
  reply: FastifyReply,
  next: (error: unknown) => void,
) => void;
