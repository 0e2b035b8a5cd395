import {
  BookingEngine,
  LIVE_EVENT,
  LiveUpdates,
  ShowsReader,
  type LivePublisher,
  type LiveUpdate,
} from '@modex/domain';
import type { DefaultEventsMap, Server } from 'socket.io';
import type { Logger } from '@modex/platform';
import type { ClientToServerEvents, ServerToClientEvents } from './live-events.js';
import { ALL_SHOWS_ROOM, showRoom, userRoom } from './rooms.js';

/** What the servers of all processes tell each other. */
export interface InterServerEvents extends DefaultEventsMap {
  /** A `LiveUpdate` as JSON: the adapters encode one text far faster than what is in it. */
  [LIVE_EVENT]: (update: string) => void;
}

export type LiveServer = Server<ClientToServerEvents, ServerToClientEvents, InterServerEvents>;

/**
 * Brings updates of all processes to the sockets of this one. Each process tells the others once a
 * flush, and each delivers to its own sockets.
 */
export class LiveFeed implements LivePublisher {
  private readonly updates: LiveUpdates;

  constructor(
    private readonly server: LiveServer,
    engine: BookingEngine,
    shows: ShowsReader,
    logger: Logger,
  ) {
    server.on(LIVE_EVENT, (update) => this.deliver(JSON.parse(update) as LiveUpdate));
    this.updates = new LiveUpdates(engine, shows, this, (error) =>
      logger.warn({ err: error }, 'live updates were lost'),
    );
  }

  publish(update: LiveUpdate): void {
    // It does not come back to the process that sends it.
    this.server.serverSideEmit(LIVE_EVENT, JSON.stringify(update));
    this.deliver(update);
  }

  /** Something may have been missed: everybody here is to read again. */
  resync(): void {
    this.server.local.emit('showsUpdated', { resync: true });
  }

  close(): Promise<void> {
    return this.updates.close();
  }

  private deliver({ shows, edited, bookings }: LiveUpdate): void {
    const { local } = this.server;
    if (shows.length > 0) local.to(ALL_SHOWS_ROOM).emit('showsUpdated', { shows });
    if (edited.length > 0) local.emit('showsUpdated', { changed: edited });
    // A message to a room where nobody is would be encoded all the same.
    const { rooms } = this.server.sockets.adapter;
    for (const show of shows) {
      const room = showRoom(show.id);
      if (rooms.has(room)) local.to(room).emit('showsUpdated', { shows: [show] });
    }
    for (const { userId, booking } of bookings) {
      const room = userRoom(userId);
      if (rooms.has(room)) local.to(room).emit('bookingUpdated', booking);
    }
  }
}
