/** Longer than this nobody waits; they are told to come again. Milliseconds. */
const PATIENCE_MS = 5_000;
/** Connections that a busy event loop kept waiting are made up for at once, up to so many milliseconds. */
const MOST_LATE_MS = 250;

/**
 * Limits the rate of new connections: one after the other at even distances. After a restart
 * thousands come back at once, and requests are to be answered in between.
 */
export class ConnectionPace {
  private readonly distanceMs: number;
  private readonly capacity: number;
  private readonly waiting = new Set<() => void>();
  /** When the next may be accepted, on the monotonic clock. */
  private next = -Infinity;
  private timer: NodeJS.Timeout | null = null;

  constructor(perSecond: number) {
    this.distanceMs = 1_000 / perSecond;
    this.capacity = Math.ceil(PATIENCE_MS / this.distanceMs);
  }

  /**
   * Calls `accept` when it is this connection's turn.
   * @returns gives the place up, so that those behind move forward; null if the queue is full: then
   *   `accept` is never called
   */
  queue(accept: () => void): (() => void) | null {
    const now = performance.now();
    if (this.waiting.size === 0 && this.next <= now) {
      this.next = now + this.distanceMs;
      accept();
      return () => {};
    }
    if (this.waiting.size >= this.capacity) return null;
    this.waiting.add(accept);
    this.schedule(now);
    return () => this.waiting.delete(accept);
  }

  private schedule(now: number): void {
    this.timer ??= setTimeout(this.acceptDue, Math.max(0, this.next - now)).unref();
  }

  private readonly acceptDue = (): void => {
    this.timer = null;
    const now = performance.now();
    for (const accept of this.waiting) {
      if (this.next > now) break;
      this.next = Math.max(this.next, now - MOST_LATE_MS) + this.distanceMs;
      this.waiting.delete(accept);
      accept();
    }
    if (this.waiting.size > 0) this.schedule(now);
  };
}
