/** @typedef {{ version: number, at: number }[]} Progress ascending */

/** The version that all of many clients have seen, and since when. */
export class LowWatermark {
  /** The version that each client has seen. @type {number[]} */
  #seen;
  /** How many clients are at each version. @type {Map<number, number>} */
  #clientsAt;
  /** @type {Progress} */
  progress = [];

  /** @param {number} clients */
  constructor(clients) {
    this.#seen = Array.from({ length: clients }, () => 0);
    this.#clientsAt = new Map([[0, clients]]);
  }

  /** @param {number} client @param {number} version @param {number} now */
  see(client, version, now) {
    const before = Number(this.#seen[client]);
    if (version <= before) return;
    this.#seen[client] = version;
    this.#clientsAt.set(version, (this.#clientsAt.get(version) ?? 0) + 1);
    const left = Number(this.#clientsAt.get(before)) - 1;
    if (left > 0) {
      this.#clientsAt.set(before, left);
      return;
    }
    this.#clientsAt.delete(before);
    const lowest = Math.min(...this.#clientsAt.keys());
    if (lowest > before) this.progress.push({ version: lowest, at: now });
  }
}

/**
 * @param {import('./load-generator.mjs').Version[]} decided
 * @param {Progress} progress
 * @returns {number[]} milliseconds from each decision until the version or a later one was seen;
 *   Infinity for what was never seen
 */
export function lagsOf(decided, progress) {
  let i = 0;
  return decided
    .toSorted((a, b) => a.version - b.version)
    .map(({ version, decidedAt }) => {
      while (i < progress.length && Number(progress[i]?.version) < version) i++;
      return (progress[i]?.at ?? Infinity) - decidedAt;
    });
}
