/** Whoever is told waits no longer than that; as long a calm, and there may be another rush. */
const LONGEST_MS = 60_000;
const WINDOW_MS = 1_000;

/**
 * The minute when everyone wants the same slot: many bookings change within a second. Those who book
 * go first then, and those who are told of it a little later.
 */
export class Rush {
  private windowBegan = -Infinity;
  private changes = 0;
  private began = -Infinity;
  /** When so many had changed last. */
  private busyAt = -Infinity;

  /**
   * @param perSecond from how many changes within a second on it is one
   * @param clock milliseconds, monotonic
   */
  constructor(
    private readonly perSecond: number,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Takes note of bookings that have changed just now. */
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

  /** Not longer than a minute, however long it lasts and however often it pauses. */
  get isOn(): boolean {
    const now = this.clock();
    return now < this.busyAt + 2 * WINDOW_MS && now < this.began + LONGEST_MS;
  }
}
