import type { IncomingMessage } from 'node:http';
import type { Actor } from '@modex/domain';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { ApiConfig } from '../../config/api-config.js';
import { jwtOptions, type AccessClaims } from './access-tokens.js';
import { bearerToken } from './bearer-token.js';
import { VerifiedTokens } from './verified-tokens.js';

const tokenOf = ({ headers }: IncomingMessage) => bearerToken(headers.authorization);

/** Verifies a new access token and caches the result. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    config: ApiConfig,
    private readonly verified: VerifiedTokens,
  ) {
    const { keyOf, verifyOptions } = jwtOptions(config);
    super({
      // passport-jwt's own extractor takes quadratic time.
      jwtFromRequest: tokenOf,
      // The type allows string or Buffer; jsonwebtoken takes any key.
      secretOrKeyProvider: (_: unknown, token: string, done) =>
        done(null, keyOf(token) as unknown as Buffer),
      ...verifyOptions,
      passReqToCallback: true,
    });
  }

  validate(request: IncomingMessage, claims: AccessClaims): Actor {
    if (claims.typ !== 'access') throw new UnauthorizedException();
    return this.verified.add(tokenOf(request)!, claims);
  }
}
