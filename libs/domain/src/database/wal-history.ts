/** A position in the primary's write-ahead log; a larger one is later. */
export type WalPosition = bigint;

interface Sample {
  position: WalPosition;
  at: number;
}

/**
 * Where the primary's log was and when, by this process's monotonic clock. It tells how old what a
 * replica shows is, without asking the replica for a time: it would say nothing of what it has not
 * received, and on a quiet primary everything looks old.
 */
export class WalHistory {
  private samples: Sample[] = [];

  /** @param keepMs how far back a lag can be told */
  constructor(private readonly keepMs: number) {}

  /** @param at when the primary was asked, at the latest. Milliseconds of `performance.now()`. */
  add(position: WalPosition, at: number): void {
    const kept = this.samples.findIndex((sample) => sample.at >= at - this.keepMs);
    this.samples = kept === -1 ? [] : this.samples.slice(kept);
    this.samples.push({ position, at });
  }

  /**
   * How long ago the newest of what has been replayed was the newest of the primary, at most; it
   * grows when the primary cannot be asked. Infinity when that is longer ago than what is kept.
   * Milliseconds.
   */
  lagMs(replayed: WalPosition, now: number): number {
    const sample = this.samples.findLast(({ position }) => position <= replayed);
    return sample ? now - sample.at : Infinity;
  }
}
