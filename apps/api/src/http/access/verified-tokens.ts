import type { Actor } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { actorOf, type AccessClaims } from './access-tokens.js';

/** Enough for everybody who waits for one opening; a few megabytes. */
const MOST = 20_000;

/**
 * Verifies access tokens, and remembers those it verified until they expire. A token cannot be taken
 * back before its time, so looking at its signature again would find the same. The key is the token
 * alone: nothing that a client can vary around it makes another entry.
 */
@Injectable()
export class VerifiedTokens {
  private readonly known = new Map<string, { actor: Actor; expiresAt: number }>();

  constructor(private readonly jwt: JwtService) {}

  /** Whose token it is; null unless it was verified before. */
  find(token: string): Actor | null {
    const found = this.known.get(token);
    if (!found) return null;
    if (Date.now() < found.expiresAt) return found.actor;
    this.known.delete(token);
    return null;
  }

  /** Whose token it is; null if it is none of ours, or no more. */
  verify(token: string): Actor | null {
    return this.find(token) ?? this.remember(token);
  }

  private remember(token: string): Actor | null {
    const claims = this.claimsOf(token);
    if (claims?.typ !== 'access') return null;
    const actor = actorOf(claims);
    if (this.known.size >= MOST) this.known.delete(this.known.keys().next().value!);
    this.known.set(token, { actor, expiresAt: claims.exp * 1_000 });
    return actor;
  }

  private claimsOf(token: string): AccessClaims | null {
    try {
      return this.jwt.verify<AccessClaims>(token);
    } catch {
      return null;
    }
  }
}
