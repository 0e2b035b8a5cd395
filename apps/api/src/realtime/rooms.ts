/** The room of everybody who has not narrowed what they watch. */
export const ALL_SHOWS_ROOM = 'shows';
export const showRoom = (showId: string): string => `show:${showId}`;
export const userRoom = (userId: string): string => `user:${userId}`;
