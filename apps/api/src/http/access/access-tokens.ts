import { createSecretKey } from 'node:crypto';
import type { Actor, User, UserRole } from '@modex/domain';
import type { JwtModuleOptions } from '@nestjs/jwt';
import type { ApiConfig } from '../../config/api-config.js';

export const ACCESS_TOKEN_SECONDS = 15 * 60;
const ALGORITHM = 'HS256';
const AUDIENCE = 'modex-api';
const ISSUER = 'modex-booking';

/** What an access token says. */
export interface AccessClaims {
  sub: string;
  role: UserRole;
  /** Tells an access token from any other token that this secret may sign one day. */
  typ: 'access';
  exp: number;
}

export const claimsOf = (user: User): Omit<AccessClaims, 'exp'> => ({
  sub: user.id,
  role: user.role,
  typ: 'access',
});

export const actorOf = (claims: AccessClaims): Actor => ({
  userId: claims.sub,
  isAdmin: claims.role === 'ADMIN',
});

/**
 * One place for how tokens are signed and verified. The secret is a `KeyObject`: from a string,
 * jsonwebtoken tries to parse a public key at every request, five times slower.
 */
export function jwtOptions(config: ApiConfig) {
  return {
    secret: createSecretKey(config.JWT_SECRET, 'utf8'),
    signOptions: {
      algorithm: ALGORITHM,
      issuer: ISSUER,
      audience: AUDIENCE,
      expiresIn: ACCESS_TOKEN_SECONDS,
    },
    verifyOptions: { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE },
  } satisfies JwtModuleOptions;
}
