import type { Actor, LIVE_EVENT } from '@modex/domain';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { ClientToServerEvents, ServerToClientEvents } from './live-events.js';

/** What the servers of all processes tell each other. */
export interface InterServerEvents extends DefaultEventsMap {
  /** A `LiveUpdate` as JSON: the adapters encode one text far faster than what is in it. */
  [LIVE_EVENT]: (update: string) => void;
}

export interface SocketData {
  /** A visitor has none. */
  identity?: Identity;
}

/** Who a socket belongs to, as long as their access token lasts. */
export interface Identity {
  actor: Actor;
  /** By this process's clock. Milliseconds since 1970. */
  expiresAt: number;
}

export type LiveServer = Server<
  ClientToServerEvents,
  ServerToClientEvents,
  InterServerEvents,
  SocketData
>;
export type LiveSocket = Socket<
  ClientToServerEvents,
  ServerToClientEvents,
  InterServerEvents,
  SocketData
>;
