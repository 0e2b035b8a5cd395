import type { IncomingMessage } from 'node:http';

/** What Engine.IO knows of a connection, of which it types only a part. */
export interface EngineConnection {
  /** Packets that wait until the websocket has written the ones before. */
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
 * Ends a connection without a word, which would wait behind all the rest. A decent client takes it
 * for a broken line, comes back by itself and reads again.
 */
export function endAtOnce(connection: EngineConnection): void {
  // What has been received already is not looked at any more.
  connection.close(true);
  connection.transport.socket.terminate();
}
