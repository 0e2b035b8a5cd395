/** Longest wait of a connection; one that would wait longer is refused. Milliseconds. */
const MAX_WAIT_MS = 5_000;
/** After the event loop was blocked, connections of at most this time are accepted at once. Milliseconds. */
const MAX_CATCH_UP_MS = 250;

/**
 * Limits the rate of new connections and accepts them at even intervals. After a restart thousands
 * reconnect at once, and requests need the event loop in between.
 */
export class AcceptRateLimit {
  private readonly intervalMs: number;
  private readonly maxQueued: number;
  private readonly queued = new Set<() => void>();
  /** When the next may be accepted, on the monotonic clock. */
  private next = -Infinity;
  private timer: NodeJS.Timeout | null = null;

  constructor(perSecond: number) {
    this.intervalMs = 1_000 / perSecond;
    this.maxQueued = Math.ceil(MAX_WAIT_MS / this.intervalMs);
  }

  /**
   * Calls `accept` when the rate allows this connection.
   * @returns removes the connection from the queue; null if the queue is full: then `accept` is never
   *   called
   */
  queue(accept: () => void): (() => void) | null {
    const now = performance.now();
    if (this.queued.size === 0 && this.next <= now) {
      this.next = now + this.intervalMs;
      accept();
      return () => {};
    }
    if (this.queued.size >= this.maxQueued) return null;
    this.queued.add(accept);
    this.schedule(now);
    return () => this.queued.delete(accept);
  }

  private schedule(now: number): void {
    this.timer ??= setTimeout(this.acceptDue, Math.max(0, this.next - now)).unref();
  }

  private readonly acceptDue = (): void => {
    this.timer = null;
    const now = performance.now();
    for (const accept of this.queued) {
      if (this.next > now) break;
      this.next = Math.max(this.next, now - MAX_CATCH_UP_MS) + this.intervalMs;
      this.queued.delete(accept);
      accept();
    }
    if (this.queued.size > 0) this.schedule(now);
  };
}
