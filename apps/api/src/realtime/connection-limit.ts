/** A key that misbehaved loses this share of its connections, for so long. Milliseconds. */
const PENALTY_SHARE = 0.05;
const PENALTY_MS = 60_000;

/** Counts connections for each key, such as an address, up to a limit. Keys without any are forgotten. */
export class ConnectionLimit {
  private readonly counts = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** How many keys it knows. */
  get size(): number {
    return this.counts.size;
  }

  /** @returns whether there was room; then `remove` is to be called once */
  add(key: string): boolean {
    if ((this.counts.get(key) ?? 0) >= this.most) return false;
    this.change(key, 1);
    return true;
  }

  remove(key: string): void {
    this.change(key, -1);
  }

  /** Counts some connections more for a while, so that whoever is cut off does not just come again. */
  penalise(key: string): void {
    const places = Math.ceil(this.most * PENALTY_SHARE);
    this.change(key, places);
    setTimeout(() => this.change(key, -places), PENALTY_MS).unref();
  }

  private change(key: string, by: number): void {
    const count = (this.counts.get(key) ?? 0) + by;
    if (count > 0) this.counts.set(key, count);
    else this.counts.delete(key);
  }
}
