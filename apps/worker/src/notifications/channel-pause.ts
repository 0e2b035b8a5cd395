const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** Keeps a channel from trying while its server is away: 1 s, 2 s, 4 s … 30 s between two attempts. */
export class ChannelPause {
  private failures = 0;
  private endsAt = -Infinity;
  private lastSuccessAt = -Infinity;

  /** Whether the last attempt said that the server is away. */
  get isAway(): boolean {
    return this.failures > 0;
  }

  /** How long nothing is to be tried. Milliseconds. */
  get restMs(): number {
    return Math.max(0, this.endsAt - performance.now());
  }

  /** @returns whether the server was away */
  succeeded(): boolean {
    const wasAway = this.isAway;
    this.failures = 0;
    this.endsAt = -Infinity;
    this.lastSuccessAt = performance.now();
    return wasAway;
  }

  /**
   * @param startedAt when the attempt began, by this process's monotonic clock
   * @returns whether the server is away, and not only this attempt went wrong
   */
  failed(startedAt: number): boolean {
    if (this.lastSuccessAt >= startedAt) return false;
    // Attempts that began before the pause say nothing more.
    if (this.restMs > 0) return true;
    this.endsAt = performance.now() + Math.min(FIRST_MS * 2 ** this.failures, LONGEST_MS);
    this.failures += 1;
    return true;
  }
}
