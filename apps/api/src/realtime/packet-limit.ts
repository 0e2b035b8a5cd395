import type { IncomingMessage } from 'node:http';
import { endAtOnce, type EngineConnection } from './engine-connection.js';
import { TokenBucket } from './token-bucket.js';

/** A packet costs one, and one more for each kilobyte: the longest message costs 17. */
const PER_SECOND = 10;
const BURST = 100;
const BYTES_PER_TOKEN = 1_024;

interface EngineServer {
  on: (event: 'connection', listener: (connection: EngineConnection) => void) => unknown;
}

/**
 * Ends connections that send more packets than a client needs, before parsing them. Requests have a
 * smaller budget, past which they are answered with `RATE_LIMITED`.
 */
export function limitPackets(
  engine: EngineServer,
  onEnd: (request: IncomingMessage) => void,
): void {
  engine.on('connection', (connection) => {
    const budget = new TokenBucket(PER_SECOND, BURST);
    let hasEnded = false;
    const receive = (bytes: number) => {
      if (hasEnded || budget.take(1 + bytes / BYTES_PER_TOKEN)) return;
      hasEnded = true;
      endAtOnce(connection);
      onEnd(connection.request);
    };
    connection.on('packet', ({ data }) => {
      // Clients send no binary data, whose parts would be buffered until the last one.
      receive(data === undefined ? 0 : typeof data === 'string' ? data.length : Infinity);
    });
    // Pings and pongs of the websocket protocol, which the library answers.
    const { socket } = connection.transport;
    socket.on('ping', () => receive(0)).on('pong', () => receive(0));
  });
}
