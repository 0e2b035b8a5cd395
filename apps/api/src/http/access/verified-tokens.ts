import type { Actor } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { actorOf, type AccessClaims } from './access-tokens.js';

/** A few megabytes. */
const MAX_TOKENS = 20_000;

/**
 * A cache of verified access tokens. A token cannot be revoked before it expires, so its signature
 * need not be checked again. The key is the token alone, so a client cannot add entries by varying
 * other parts of the header.
 */
@Injectable()
export class VerifiedTokens {
  private readonly known = new Map<string, { actor: Actor; expiresAt: number }>();

  /** @returns null unless the token was verified before */
  find(token: string): Actor | null {
    const found = this.known.get(token);
    if (!found) return null;
    if (Date.now() < found.expiresAt) return found.actor;
    this.known.delete(token);
    return null;
  }

  add(token: string, claims: AccessClaims): Actor {
    const actor = actorOf(claims);
    if (this.known.size >= MAX_TOKENS) this.known.delete(this.known.keys().next().value!);
    this.known.set(token, { actor, expiresAt: claims.exp * 1_000 });
    return actor;
  }
}
