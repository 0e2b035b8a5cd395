import type { JwtService } from '@nestjs/jwt';
import { actorOf, type AccessClaims } from '../http/access/access-tokens.js';
import type { Identity, LiveSocket } from './live-server.js';
import { userRoom } from './rooms.js';

/** @throws when this is no access token of ours, or no more */
export async function identify(jwt: JwtService, token: unknown): Promise<Identity> {
  if (typeof token !== 'string') throw new Error('not a token');
  const claims = await jwt.verifyAsync<AccessClaims>(token);
  if (claims.typ !== 'access') throw new Error('not an access token');
  return { actor: actorOf(claims), expiresAt: claims.exp * 1_000 };
}

/**
 * From here on the socket hears of this person's bookings, and of nobody else's.
 * @param most sockets that one account may have with this process
 * @returns false if it has them; then the socket is as it was
 */
export async function becomeUser(
  socket: LiveSocket,
  identity: Identity,
  most: number,
): Promise<boolean> {
  const room = userRoom(identity.actor.userId);
  // Whoever leaves in whatever way leaves their rooms, so the room is the count. Nothing is awaited
  // before the socket has joined it.
  const others = socket.nsp.adapter.rooms.get(room);
  const isOneOfThem = others?.has(socket.id) ?? false;
  if (!isOneOfThem && others && others.size >= most) return false;
  const left = isOneOfThem ? undefined : becomeVisitor(socket);
  socket.data.identity = identity;
  await Promise.all([left, socket.join(room)]);
  return true;
}

export async function becomeVisitor(socket: LiveSocket): Promise<void> {
  const { identity } = socket.data;
  socket.data.identity = undefined;
  if (identity) await socket.leave(userRoom(identity.actor.userId));
}
