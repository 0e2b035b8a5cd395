/** As much of a socket as this needs. */
interface Connection {
  disconnect: () => Connection;
  connect: () => Connection;
  once: (event: 'disconnect', listener: () => void) => unknown;
}

/**
 * Connects again at a random moment, so that all who were told at once do not come back at once.
 * If the connection breaks before, it comes back by itself.
 */
export function reconnectAtRandom(connection: Connection, withinMs: number): void {
  const timer = setTimeout(() => connection.disconnect().connect(), Math.random() * withinMs);
  connection.once('disconnect', () => clearTimeout(timer));
}
