import type { Actor, AVAILABILITY_EVENT } from '@modex/domain';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { ClientToServerEvents, ServerToClientEvents } from './live-events.js';

/** The events between the servers of all processes. */
export interface InterServerEvents extends DefaultEventsMap {
  /** An `AvailabilityUpdate` as JSON. */
  [AVAILABILITY_EVENT]: (update: string) => void;
}

export interface SocketData {
  /** Undefined for visitors. */
  identity?: Identity;
}

/** The account of a socket, until its access token expires. */
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
