import { endAtOnce, type EngineConnection } from './engine-connection.js';
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
      const connection = connectionOf(socket);
      if (!isClogged(connection)) continue;
      if (this.clogged.has(socket)) {
        this.metrics.slowSockets.inc();
        endAtOnce(connection);
      } else clogged.add(socket);
    }
    this.clogged = clogged;
  }
}

function connectionOf(socket: LiveSocket): EngineConnection {
  return socket.conn as unknown as EngineConnection;
}

function isClogged({ writeBuffer, transport }: EngineConnection): boolean {
  if (writeBuffer.length > MOST_PACKETS_WAITING) return true;
  let bytes = transport.socket.bufferedAmount;
  for (const { data } of writeBuffer) bytes += data?.length ?? 0;
  return bytes > MOST_BYTES_WAITING;
}
