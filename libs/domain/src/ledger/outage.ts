/** Failures that are further apart are two outages. Milliseconds. */
const SAME_OUTAGE_MS = 1_500;

/** When the current outage of the database began, as seen by this process. */
export class Outage {
  private since = -Infinity;
  private lastFailure = -Infinity;

  /** Records a failure. @returns the outage's beginning. Milliseconds of the monotonic clock */
  notice(): number {
    const now = performance.now();
    if (now - this.lastFailure > SAME_OUTAGE_MS) this.since = now;
    this.lastFailure = now;
    return this.since;
  }

  /** Records a success. */
  end(): void {
    this.lastFailure = -Infinity;
  }
}
