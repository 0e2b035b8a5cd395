import type { IncomingMessage } from 'node:http';

/** The parts of an Engine.IO connection that its types leave out. */
export interface EngineConnection {
  /** Packets queued behind those that the websocket is writing. */
  writeBuffer: { data?: { length: number } }[];
  /** Its handshake. */
  request: IncomingMessage;
  transport: { socket: WebSocketOfConnection };
  on: (event: 'packet', listener: (packet: { data?: unknown }) => void) => unknown;
  close: (discard: boolean) => void;
}

interface WebSocketOfConnection {
  bufferedAmount: number;
  on: (event: 'ping' | 'pong', listener: () => void) => this;
  terminate: () => void;
}

/**
 * Ends a connection without a close frame, which would be queued behind all other packets. Clients
 * treat it as a network failure and reconnect.
 */
export function endAtOnce(connection: EngineConnection): void {
  // Discards packets that were received and not processed yet.
  connection.close(true);
  connection.transport.socket.terminate();
}
