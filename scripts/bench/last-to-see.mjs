/** What many have seen of one show, and when the last of them saw it. */
export class LastToSee {
  /** The version each has seen. @type {number[]} */
  #seen;
  /** How many have seen this version and none after it. @type {Map<number, number>} */
  #at;
  /** @type {{ version: number, at: number }[]} */
  #progress = [];

  /** @param {number} count of those who look */
  constructor(count) {
    this.#seen = Array.from({ length: count }, () => 0);
    this.#at = new Map([[0, count]]);
  }

  /** Each version that everybody has seen, or a later one, and since when; ascending. */
  get progress() {
    return this.#progress;
  }

  /**
   * @param {number} who
   * @param {number} version
   * @param {number} now
   */
  see(who, version, now) {
    const before = Number(this.#seen[who]);
    if (version <= before) return;
    this.#seen[who] = version;
    this.#at.set(version, (this.#at.get(version) ?? 0) + 1);
    const left = Number(this.#at.get(before)) - 1;
    if (left > 0) {
      this.#at.set(before, left);
      return;
    }
    this.#at.delete(before);
    // The last of them: unless somebody is further back still, all are further now.
    const lowest = Math.min(...this.#at.keys());
    if (lowest > before) this.#progress.push({ version: lowest, at: now });
  }
}

/**
 * How long after it was decided each hold had been seen by the last.
 *
 * @param {import('./buyers.mjs').Booked[]} booked
 * @param {{ version: number, at: number }[]} progress ascending
 * @returns {number[]} milliseconds; Infinity for what somebody never saw
 */
export function lags(booked, progress) {
  let i = 0;
  return booked
    .toSorted((a, b) => a.version - b.version)
    .map(({ version, decidedAt }) => {
      while (i < progress.length && Number(progress[i]?.version) < version) i++;
      return (progress[i]?.at ?? Infinity) - decidedAt;
    });
}
