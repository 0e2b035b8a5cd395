import { isUUID } from 'class-validator';
import { ALL_SHOWS_ROOM, showRoom } from './rooms.js';

const MAX_WATCHED = 200;

export const WATCH_RULE = `must be "all" or at most ${MAX_WATCHED} show ids`;

/** The rooms of what a client wishes to watch; null if that is not how one wishes. */
export function watchedRooms(wish: unknown): string[] | null {
  if (wish === 'all') return [ALL_SHOWS_ROOM];
  if (!Array.isArray(wish) || wish.length > MAX_WATCHED) return null;
  if (!wish.every((id): id is string => isUUID(id))) return null;
  return wish.map((id) => showRoom(id.toLowerCase()));
}
