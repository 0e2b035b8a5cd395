/** A rush that lasts longer is how much is sold here: whoever is told has waited long enough. */
const LONGEST_MS = 60_000;
const WINDOW_MS = 1_000;

/**
 * The minute when everyone wants the same slot: many bookings change within a second. Those who book
 * go first then, and those who are told of it a little later.
 */
export class Rush {
  private windowBegan = -Infinity;
  private changes = 0;
  private began: number | null = null;

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
    this.openWindow();
    this.changes += changes;
    if (this.changes >= this.perSecond) this.began ??= this.clock();
  }

  /** Not longer than a minute, however long it lasts. */
  get isOn(): boolean {
    const isQuiet = this.clock() >= this.windowBegan + 2 * WINDOW_MS;
    return this.began !== null && !isQuiet && this.clock() < this.began + LONGEST_MS;
  }

  private openWindow(): void {
    const now = this.clock();
    if (now < this.windowBegan + WINDOW_MS) return;
    const wasQuiet = this.changes < this.perSecond || now >= this.windowBegan + 2 * WINDOW_MS;
    if (wasQuiet) this.began = null;
    this.windowBegan = now;
    this.changes = 0;
  }
}
