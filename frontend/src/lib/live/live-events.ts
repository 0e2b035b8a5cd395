import type { Booking, ShowsUpdated } from '../api/types';

/** What the server may send, by event name. */
export interface ServerEvents {
  showsUpdated: (update: ShowsUpdated) => void;
  bookingUpdated: (booking: Booking) => void;
}

/** What the page may ask. */
export interface ClientEvents {
  watchShows: (request: { ids: string[] | 'all' }, acknowledge: (answer: unknown) => void) => void;
}
