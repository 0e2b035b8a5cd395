import type { ServerOptions } from 'socket.io';

/** Injection token of the process's feed. */
export const FEED = Symbol('FeedAdapter');

/** What joins the Socket.IO servers of all processes. Lossy: what is said while one is cut off, it misses. */
export interface FeedAdapter {
  adapter: ServerOptions['adapter'];
  /** Called whenever this process has begun to listen, at first or again: what was said before is lost to it. */
  onListening: (listener: () => void) => void;
  /** What it goes over. */
  over: 'postgresql' | 'redis';
  /** Whether this process hears and is heard at this moment. */
  isConnected: () => boolean;
  close: () => Promise<void>;
}
