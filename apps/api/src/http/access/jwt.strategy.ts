import type { IncomingMessage } from 'node:http';
import type { Actor } from '@modex/domain';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { ApiConfig } from '../../config/api-config.js';
import { jwtOptions, type AccessClaims } from './access-tokens.js';
import { VerifiedTokens } from './verified-tokens.js';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    config: ApiConfig,
    private readonly verified: VerifiedTokens,
  ) {
    const { keyOf, verifyOptions } = jwtOptions(config);
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // The type says string or Buffer; jsonwebtoken below takes any key.
      secretOrKeyProvider: (_: unknown, token: string, done) =>
        done(null, keyOf(token) as unknown as Buffer),
      ...verifyOptions,
      passReqToCallback: true,
    });
  }

  validate({ headers }: IncomingMessage, claims: AccessClaims): Actor {
    if (claims.typ !== 'access') throw new UnauthorizedException();
    return this.verified.remember(headers.authorization ?? '', claims);
  }
}
