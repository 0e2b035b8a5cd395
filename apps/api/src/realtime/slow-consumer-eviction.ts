import { endAtOnce, type EngineConnection } from './engine-connection.js';
import type { LiveMetrics } from './live-metrics.js';
import type { LiveServer, LiveSocket } from './live-server.js';

const CHECK_EVERY_MS = 1_000;
const MAX_QUEUED_PACKETS = 2_000;
const MAX_QUEUED_BYTES = 1_000_000;

/**
 * Closes sockets whose client does not read: those whose send queue is over the limit at two checks
 * in a row, since one large packet may exceed it for a moment.
 */
export class SlowConsumerEviction {
  /** Over the limit at the last check. */
  private overLimit = new Set<LiveSocket>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly server: LiveServer,
    private readonly metrics: LiveMetrics,
  ) {
    this.timer = setInterval(() => this.check(), CHECK_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private check(): void {
    const overLimit = new Set<LiveSocket>();
    for (const socket of this.server.sockets.sockets.values()) {
      const connection = connectionOf(socket);
      if (!isOverLimit(connection)) continue;
      if (this.overLimit.has(socket)) {
        this.metrics.slowConsumersEvicted.inc();
        endAtOnce(connection);
      } else overLimit.add(socket);
    }
    this.overLimit = overLimit;
  }
}

function connectionOf(socket: LiveSocket): EngineConnection {
  return socket.conn as unknown as EngineConnection;
}

function isOverLimit({ writeBuffer, transport }: EngineConnection): boolean {
  if (writeBuffer.length > MAX_QUEUED_PACKETS) return true;
  let bytes = transport.socket.bufferedAmount;
  for (const { data } of writeBuffer) bytes += data?.length ?? 0;
  return bytes > MAX_QUEUED_BYTES;
}
