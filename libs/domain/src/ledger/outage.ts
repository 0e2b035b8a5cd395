/** Failures that are further apart are two outages. Milliseconds. */
const SAME_OUTAGE_MS = 1_500;

/** Since when the database is away, as far as this process has noticed. */
export class Outage {
  private since = -Infinity;
  private lastFailure = -Infinity;

  /** It was found away. @returns when it was first. Milliseconds of the monotonic clock */
  notice(): number {
    const now = performance.now();
    if (now - this.lastFailure > SAME_OUTAGE_MS) this.since = now;
    this.lastFailure = now;
    return this.since;
  }

  /** It has answered. */
  end(): void {
    this.lastFailure = -Infinity;
  }
}
