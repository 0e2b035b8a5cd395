import type { HealthChecks } from '@modex/platform';
import type { LiveServer, LiveSocket } from './live-server.js';

/** The share of the time between "not ready" and closing in which clients reconnect. */
const DRAINING_SHARE = 0.8;
/** A socket that connects later than this before the end of draining is not notified. Milliseconds. */
const MIN_RECONNECT_MS = 1_000;

/**
 * Connection draining: when this instance begins to stop, it asks its sockets to reconnect elsewhere,
 * spread over the time before it closes, so that they do not all reconnect at once.
 */
export class ConnectionDraining {
  /** The end of draining, by the monotonic clock. Milliseconds. */
  private endsAt = -Infinity;

  /** @param delayMs between "not ready" and closing; 0 means no draining */
  constructor(
    private readonly server: LiveServer,
    health: HealthChecks,
    private readonly delayMs: number,
  ) {
    health.onStop(() => this.begin());
  }

  /** Asks a new socket to reconnect too: a load balancer may still send clients here. */
  onConnection(socket: LiveSocket): void {
    const reconnectWithinMs = this.remainingMs();
    if (reconnectWithinMs >= MIN_RECONNECT_MS) socket.emit('serverStopping', { reconnectWithinMs });
  }

  private begin(): void {
    this.endsAt = performance.now() + this.delayMs * DRAINING_SHARE;
    const reconnectWithinMs = this.remainingMs();
    if (reconnectWithinMs > 0) this.server.local.emit('serverStopping', { reconnectWithinMs });
  }

  private remainingMs(): number {
    return Math.max(0, Math.round(this.endsAt - performance.now()));
  }
}
