import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import type { Actor, User, UserRole } from '@modex/domain';
import { JwtSecretRequestType, type JwtModuleOptions } from '@nestjs/jwt';
import type { ApiConfig } from '../../config/api-config.js';

export const ACCESS_TOKEN_SECONDS = 15 * 60;
const ALGORITHM = 'HS256';
const AUDIENCE = 'modex-api';
const ISSUER = 'modex-booking';

/** The claims of an access token. */
export interface AccessClaims {
  sub: string;
  role: UserRole;
  /** Separates access tokens from other tokens signed with the same secret. */
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
 * How tokens are signed and verified. A token carries the id of its key, so that tokens of both
 * secrets are valid while the secret is being changed. Secrets are `KeyObject`s: given a string,
 * jsonwebtoken tries to parse a public key at every request, which is five times slower.
 */
export function jwtOptions(config: Pick<ApiConfig, 'JWT_SECRET' | 'JWT_SECRET_PREVIOUS'>) {
  const signing = tokenKey(config.JWT_SECRET);
  const previous = config.JWT_SECRET_PREVIOUS ? tokenKey(config.JWT_SECRET_PREVIOUS) : null;
  const keyOf = (token: string): KeyObject =>
    previous !== null && keyIdOf(token) === previous.id ? previous.key : signing.key;
  return {
    keyOf,
    secretOrKeyProvider: (request, token) =>
      request === JwtSecretRequestType.SIGN ? signing.key : keyOf(token as string),
    signOptions: {
      algorithm: ALGORITHM,
      issuer: ISSUER,
      audience: AUDIENCE,
      expiresIn: ACCESS_TOKEN_SECONDS,
      keyid: signing.id,
    },
    verifyOptions: { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE },
  } satisfies JwtModuleOptions & { keyOf: (token: string) => KeyObject };
}

/** The id identifies the secret without revealing it. */
function tokenKey(secret: string): { id: string; key: KeyObject } {
  const id = createHash('sha256').update(`modex token key ${secret}`).digest('base64url');
  return { id: id.slice(0, 8), key: createSecretKey(secret, 'utf8') };
}

/** Read before verification, to choose the key. */
function keyIdOf(token: string): unknown {
  try {
    const [header = ''] = token.split('.', 1);
    return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown }).kid;
  } catch {
    return undefined;
  }
}
