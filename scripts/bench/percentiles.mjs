import { createHistogram } from 'node:perf_hooks';

/** What takes longer, or never happens, counts as an hour. */
const HIGHEST_US = 3_600_000_000;

/** @typedef {{ count: number, p50: number, p95: number, p99: number, max: number }} Percentiles */

/** A histogram of milliseconds, in microseconds. */
export class Latencies {
  #histogram = createHistogram({ lowest: 1, highest: HIGHEST_US, figures: 3 });

  /** @param {number} milliseconds */
  record(milliseconds) {
    this.#histogram.record(Math.min(HIGHEST_US, Math.max(1, Math.round(milliseconds * 1_000))));
  }

  /** @returns {Percentiles} milliseconds; 0 where nothing was recorded */
  get percentiles() {
    const { count } = this.#histogram;
    const at = (/** @type {number} */ share) =>
      count === 0 ? 0 : this.#histogram.percentile(share) / 1_000;
    return { count, p50: at(50), p95: at(95), p99: at(99), max: at(100) };
  }
}

/** @param {number[]} milliseconds */
export function percentilesOf(milliseconds) {
  const latencies = new Latencies();
  for (const each of milliseconds) latencies.record(each);
  return latencies.percentiles;
}
