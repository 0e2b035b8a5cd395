const WINDOW_MS = 60_000;
const MAX_DEATHS = 5;

/** How long to wait before a process that died is started again, and when to give up. */
export class RestartPolicy {
  /** @type {number[]} */
  #deaths = [];

  /**
   * @param {number} now milliseconds
   * @returns {number | null} the delay in milliseconds, or null when it has died too often
   */
  died(now) {
    this.#deaths = [...this.#deaths.filter((time) => now - time < WINDOW_MS), now];
    return this.#deaths.length >= MAX_DEATHS ? null : 1_000 * 2 ** (this.#deaths.length - 1);
  }
}
