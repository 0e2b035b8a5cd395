/** The longest time for which the relay is throttled, and the calm after which that time starts anew. */
const LONGEST_MS = 60_000;
const WINDOW_MS = 1_000;

/**
 * Decides when the relay slows down in favour of bookings: while many of them change within a
 * second, and for at most a minute.
 */
export class RelayThrottle {
  private windowBegan = -Infinity;
  private changes = 0;
  private began = -Infinity;
  /** When the threshold was last reached. */
  private busyAt = -Infinity;

  /**
   * @param perSecond changes within a second from which on the relay is throttled
   * @param clock milliseconds, monotonic
   */
  constructor(
    private readonly perSecond: number,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Counts bookings that have changed just now. */
  note(changes: number): void {
    const now = this.clock();
    if (now >= this.windowBegan + WINDOW_MS) {
      this.windowBegan = now;
      this.changes = 0;
    }
    this.changes += changes;
    if (this.changes < this.perSecond) return;
    if (now >= this.busyAt + LONGEST_MS) this.began = now;
    this.busyAt = now;
  }

  get isOn(): boolean {
    const now = this.clock();
    return now < this.busyAt + 2 * WINDOW_MS && now < this.began + LONGEST_MS;
  }
}
