import type { JwtService } from '@nestjs/jwt';
import { actorOf, type AccessClaims } from '../http/access/access-tokens.js';
import type { Identity, LiveSocket } from './live-server.js';
import { userRoom } from './rooms.js';

/** @throws when this is no access token of ours, or no more */
export async function identify(jwt: JwtService, token: unknown): Promise<Identity> {
  const claims = await jwt.verifyAsync<AccessClaims>(String(token));
  if (claims.typ !== 'access') throw new Error('not an access token');
  return { actor: actorOf(claims), expiresAt: claims.exp * 1_000 };
}

/** From here on the socket hears of this person's bookings, and of nobody else's. */
export async function becomeUser(socket: LiveSocket, identity: Identity): Promise<void> {
  const { userId } = identity.actor;
  if (socket.data.identity?.actor.userId !== userId) await becomeVisitor(socket);
  // Hung up meanwhile: a room that is joined now would never be left.
  if (!socket.connected) return;
  socket.data.identity = identity;
  await socket.join(userRoom(userId));
}

export async function becomeVisitor(socket: LiveSocket): Promise<void> {
  const { identity } = socket.data;
  socket.data.identity = undefined;
  if (identity) await socket.leave(userRoom(identity.actor.userId));
}
