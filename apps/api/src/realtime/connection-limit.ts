/** A penalised key loses this share of its connections for so long. Milliseconds. */
const PENALTY_SHARE = 0.05;
const PENALTY_MS = 60_000;

/** Limits the connections of each key, such as an address. */
export class ConnectionLimit {
  private readonly counts = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /** Keys with connections. */
  get size(): number {
    return this.counts.size;
  }

  /** @returns false at the limit; otherwise call `remove` once */
  add(key: string): boolean {
    if ((this.counts.get(key) ?? 0) >= this.limit) return false;
    this.change(key, 1);
    return true;
  }

  remove(key: string): void {
    this.change(key, -1);
  }

  /** Counts some extra connections for a while, so that an evicted client cannot reconnect at once. */
  penalise(key: string): void {
    const extra = Math.ceil(this.limit * PENALTY_SHARE);
    this.change(key, extra);
    setTimeout(() => this.change(key, -extra), PENALTY_MS).unref();
  }

  private change(key: string, by: number): void {
    const count = (this.counts.get(key) ?? 0) + by;
    if (count > 0) this.counts.set(key, count);
    else this.counts.delete(key);
  }
}
