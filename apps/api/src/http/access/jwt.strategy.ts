import type { Actor } from '@modex/domain';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { ApiConfig } from '../../config/api-config.js';
import { actorOf, jwtOptions, type AccessClaims } from './access-tokens.js';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(config: ApiConfig) {
    const { secret, verifyOptions } = jwtOptions(config);
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // The type says string or Buffer; jsonwebtoken below takes any key.
      secretOrKey: secret as unknown as Buffer,
      ...verifyOptions,
    });
  }

  validate(claims: AccessClaims): Actor {
    if (claims.typ !== 'access') throw new UnauthorizedException();
    return actorOf(claims);
  }
}
