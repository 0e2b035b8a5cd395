/** Longer than this nobody waits; they are told to come again. Milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * Lets so many in a second, one after the other at even distances: after a restart thousands come
 * back at once, and requests are to be answered in between.
 */
export class ConnectionPace {
  private readonly distanceMs: number;
  /** The next place in the row, on the monotonic clock. */
  private next = -Infinity;

  constructor(perSecond: number) {
    this.distanceMs = 1_000 / perSecond;
  }

  /**
   * Calls `enter` when it is one's turn.
   * @returns false if the row is too long: then `enter` is never called
   */
  line(enter: () => void): boolean {
    const now = performance.now();
    const turn = Math.max(now, this.next);
    const wait = turn - now;
    if (wait > PATIENCE_MS) return false;
    this.next = turn + this.distanceMs;
    if (wait === 0) enter();
    else setTimeout(enter, wait).unref();
    return true;
  }
}
