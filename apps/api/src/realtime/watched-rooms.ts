import type { LiveSocket } from './live-server.js';
import { ALL_SHOWS_ROOM, isShowRoom, showRoom } from './rooms.js';

export const MAX_WATCHED = 200;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const WATCH_RULE = `must be "all" or at most ${MAX_WATCHED} show ids`;

/** The rooms for `ids` of `watchShows`; null if they are invalid. */
export function watchedRooms(ids: unknown): string[] | null {
  if (ids === 'all') return [ALL_SHOWS_ROOM];
  if (!Array.isArray(ids) || ids.length > MAX_WATCHED) return null;
  if (!ids.every((id): id is string => typeof id === 'string' && UUID.test(id))) return null;
  return ids.map((id) => showRoom(id.toLowerCase()));
}

/** Changes what a socket watches; it leaves and joins only rooms that differ. */
export async function watchRooms(socket: LiveSocket, rooms: readonly string[]): Promise<void> {
  const wanted = new Set(rooms);
  const left = [...socket.rooms].filter((room) => isShowRoom(room) && !wanted.has(room));
  await Promise.all([...left.map((room) => socket.leave(room)), socket.join([...wanted])]);
}
