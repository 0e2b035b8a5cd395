import type { Booking, ServerStopping, ShowsUpdated } from '../api/types';

/** What the server may send, by event name. */
export interface ServerEvents {
  showsUpdated: (update: ShowsUpdated) => void;
  bookingUpdated: (booking: Booking) => void;
  serverStopping: (stopping: ServerStopping) => void;
}

type Answer =
  | { ok: true; retryAfterMs?: undefined }
  | { ok: false; code: string; detail: string; retryAfterMs?: number };

/** What the page may ask. */
export interface ClientEvents {
  watchShows: (request: { ids: string[] | 'all' }, acknowledge: (answer: Answer) => void) => void;
  authenticate: (request: { token: string }, acknowledge: (answer: Answer) => void) => void;
}
