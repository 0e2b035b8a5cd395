import type { JwtService } from '@nestjs/jwt';
import { actorOf, type AccessClaims } from '../http/access/access-tokens.js';
import type { Identity, LiveSocket } from './live-server.js';
import { userRoom } from './rooms.js';

/** @throws for anything but a valid access token */
export async function identify(jwt: JwtService, token: unknown): Promise<Identity> {
  if (typeof token !== 'string') throw new Error('not a token');
  const claims = await jwt.verifyAsync<AccessClaims>(token);
  if (claims.typ !== 'access') throw new Error('not an access token');
  return { actor: actorOf(claims), expiresAt: claims.exp * 1_000 };
}

/**
 * Makes the socket receive this account's bookings, and no others.
 * @param limit of sockets of one account with this process
 * @returns false at the limit; then the socket is unchanged
 */
export async function becomeUser(
  socket: LiveSocket,
  identity: Identity,
  limit: number,
): Promise<boolean> {
  const room = userRoom(identity.actor.userId);
  // Sockets leave their rooms however they disconnect, so the room's size is the count. Nothing is
  // awaited between this check and joining.
  const others = socket.nsp.adapter.rooms.get(room);
  const isOneOfThem = others?.has(socket.id) ?? false;
  if (!isOneOfThem && others && others.size >= limit) return false;
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
