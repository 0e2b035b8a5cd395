/** The most shows the server lets one connection name. */
const MOST = 200;

/**
 * The shows on screen, counted: the same show may be shown in two places. When there are more than
 * the server takes, the last displayed ones are kept.
 */
export class WatchedShows {
  private readonly counts = new Map<string, number>();

  constructor(private readonly changed: () => void) {}

  add(ids: readonly string[]): () => void {
    for (const id of ids) this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
    this.changed();
    return () => this.remove(ids);
  }

  ids(): string[] {
    return [...this.counts.keys()].slice(-MOST);
  }

  private remove(ids: readonly string[]): void {
    for (const id of ids) {
      const left = (this.counts.get(id) ?? 0) - 1;
      if (left > 0) this.counts.set(id, left);
      else this.counts.delete(id);
    }
    this.changed();
  }
}
