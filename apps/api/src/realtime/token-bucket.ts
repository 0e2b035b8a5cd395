/** A token bucket: full at first, and refilled at a steady rate. */
export class TokenBucket {
  private tokens: number;
  /** By the monotonic clock. Milliseconds. */
  private filledAt = performance.now();

  constructor(
    private readonly perSecond: number,
    private readonly capacity: number,
  ) {
    this.tokens = capacity;
  }

  /** Takes so many tokens; takes none and returns false if fewer are left. */
  take(count = 1): boolean {
    this.refill();
    if (this.tokens < count) return false;
    this.tokens -= count;
    return true;
  }

  /** Time until so many tokens are available. Milliseconds. */
  waitMs(count = 1): number {
    this.refill();
    return Math.max(0, Math.ceil(((count - this.tokens) / this.perSecond) * 1_000));
  }

  private refill(): void {
    const now = performance.now();
    const added = ((now - this.filledAt) / 1_000) * this.perSecond;
    this.tokens = Math.min(this.capacity, this.tokens + added);
    this.filledAt = now;
  }
}
