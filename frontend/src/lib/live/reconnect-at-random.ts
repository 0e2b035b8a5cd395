/** As much of a socket as this needs. */
interface Connection {
  disconnect: () => Connection;
  connect: () => Connection;
  once: (event: 'disconnect', listener: () => void) => unknown;
}

/**
 * Reconnects at a random moment, so that the clients of a stopping server do not reconnect at once.
 * If the connection breaks before, Socket.IO reconnects itself.
 */
export function reconnectAtRandom(connection: Connection, withinMs: number): void {
  const timer = setTimeout(() => connection.disconnect().connect(), Math.random() * withinMs);
  connection.once('disconnect', () => clearTimeout(timer));
}
