/** The room of sockets that have not narrowed what they watch. */
export const ALL_SHOWS_ROOM = 'shows';
export const showRoom = (showId: string): string => `show:${showId}`;
/** Whether a room is about shows, all or one. */
export const isShowRoom = (room: string): boolean => room.startsWith('show');
export const userRoom = (userId: string): string => `user:${userId}`;
