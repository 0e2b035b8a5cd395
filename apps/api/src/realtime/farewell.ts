import type { HealthChecks } from '@modex/platform';
import type { LiveServer, LiveSocket } from './live-server.js';

/** How much of the time between "not ready" and closing people have to leave in. */
const LEAVING_SHARE = 0.8;
/** Whoever is brought here later than that before the end is not sent round once more. Milliseconds. */
const LAST_GREETING_MS = 1_000;

/**
 * Tells sockets that this instance is about to stop, so that they go one after the other while it
 * still serves, instead of all at once when it closes.
 */
export class Farewell {
  /** Until when they have time, by the monotonic clock. Milliseconds. */
  private leaveBy = -Infinity;

  /** @param delayMs between "not ready" and closing; without any there is no time to say goodbye */
  constructor(
    private readonly server: LiveServer,
    health: HealthChecks,
    private readonly delayMs: number,
  ) {
    health.onStop(() => this.begin());
  }

  /** A load balancer may bring somebody here who has just left. */
  greet(socket: LiveSocket): void {
    const reconnectWithinMs = this.remainingMs();
    if (reconnectWithinMs >= LAST_GREETING_MS) socket.emit('serverStopping', { reconnectWithinMs });
  }

  private begin(): void {
    this.leaveBy = performance.now() + this.delayMs * LEAVING_SHARE;
    const reconnectWithinMs = this.remainingMs();
    if (reconnectWithinMs > 0) this.server.local.emit('serverStopping', { reconnectWithinMs });
  }

  private remainingMs(): number {
    return Math.max(0, Math.round(this.leaveBy - performance.now()));
  }
}
