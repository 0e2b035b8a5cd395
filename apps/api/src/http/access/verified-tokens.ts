import type { Actor } from '@modex/domain';
import { Injectable } from '@nestjs/common';
import { actorOf, type AccessClaims } from './access-tokens.js';

/** Enough for everybody who waits for one opening; a few megabytes. */
const MOST = 20_000;

/**
 * Access tokens that were verified before and have not expired since. A token cannot be taken back
 * before its time, so looking at its signature again would find the same. The key is the token alone:
 * nothing that a client can vary around it makes another entry.
 */
@Injectable()
export class VerifiedTokens {
  private readonly known = new Map<string, { actor: Actor; expiresAt: number }>();

  /** Whose token it is; null unless it was verified before. */
  find(token: string): Actor | null {
    const found = this.known.get(token);
    if (!found) return null;
    if (Date.now() < found.expiresAt) return found.actor;
    this.known.delete(token);
    return null;
  }

  remember(token: string, claims: AccessClaims): Actor {
    const actor = actorOf(claims);
    if (this.known.size >= MOST) this.known.delete(this.known.keys().next().value!);
    this.known.set(token, { actor, expiresAt: claims.exp * 1_000 });
    return actor;
  }
}
