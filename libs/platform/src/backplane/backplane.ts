import type { ServerOptions } from 'socket.io';

/** Injection token of the process's backplane. */
export const BACKPLANE = Symbol('Backplane');

/**
 * The pub/sub backplane between the Socket.IO servers of all processes. It is lossy: a process misses
 * what is published while it is disconnected.
 */
export interface Backplane {
  adapter: ServerOptions['adapter'];
  /** Called after every (re)subscription: messages published before it were missed. */
  onSubscribed: (listener: () => void) => void;
  over: 'postgresql' | 'redis';
  /** Whether this process can publish and receive at this moment. */
  isConnected: () => boolean;
  close: () => Promise<void>;
}
