import type { LiveMetrics } from './live-metrics.js';
import type { LiveServer, LiveSocket } from './live-server.js';
import { becomeVisitor } from './socket-identity.js';

const SWEEP_EVERY_MS = 1_000;
const MOST_PACKETS_WAITING = 2_000;
const MOST_BYTES_WAITING = 1_000_000;

/** Looks after the sockets: who does not read is cut off, and whose token has ended is a visitor. */
export class SocketSweep {
  /** At the last look. One large packet may be under way at any time, but not for a second. */
  private clogged = new Set<LiveSocket>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly server: LiveServer,
    private readonly metrics: LiveMetrics,
  ) {
    this.timer = setInterval(() => this.sweep(), SWEEP_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private sweep(): void {
    const now = Date.now();
    const clogged = new Set<LiveSocket>();
    for (const socket of this.server.sockets.sockets.values()) {
      const { identity } = socket.data;
      if (identity && identity.expiresAt <= now) void becomeVisitor(socket);
      const line = lineOf(socket);
      if (!isClogged(line)) continue;
      if (this.clogged.has(socket)) this.cutOff(line);
      else clogged.add(socket);
    }
    this.clogged = clogged;
  }

  /**
   * Without a goodbye, which would wait behind all the rest. A decent client takes it for a broken
   * line, comes back by itself and reads again.
   */
  private cutOff({ transport }: Line): void {
    this.metrics.slowSockets.inc();
    transport.socket.terminate();
  }
}

/** What Engine.IO knows of a connection, of which it types only a part. */
interface Line {
  /** Packets that wait until the websocket has written the ones before. */
  writeBuffer: { data?: { length: number } }[];
  transport: { socket: { bufferedAmount: number; terminate: () => void } };
}

function lineOf(socket: LiveSocket): Line {
  return socket.conn as unknown as Line;
}

function isClogged({ writeBuffer, transport }: Line): boolean {
  if (writeBuffer.length > MOST_PACKETS_WAITING) return true;
  let bytes = transport.socket.bufferedAmount;
  for (const { data } of writeBuffer) bytes += data?.length ?? 0;
  return bytes > MOST_BYTES_WAITING;
}
