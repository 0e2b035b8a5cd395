export const READS_COUNTER = 'modex_show_reads_total';

/**
 * @typedef {'list' | 'show'} Of
 * @typedef {{ of: string, isHit: boolean, count: number }} Reads
 */

/**
 * How often the API has answered reads of shows so far, out of its cache and otherwise.
 *
 * @param {import('./bench-api.mjs').BenchApi} api
 * @returns {Promise<Reads[]>}
 */
export async function showReads(api) {
  const samples = await api.metrics();
  return samples
    .filter(({ name }) => name === READS_COUNTER)
    .map(({ labels, value }) => ({
      of: String(labels['of']),
      isHit: labels['result'] === 'hit',
      count: value,
    }));
}

/**
 * @param {Reads[]} before
 * @param {Reads[]} after
 * @returns {Record<Of, number>} hits ÷ reads between the two; NaN where none were counted
 */
export function readsOf(before, after) {
  const ratio = (/** @type {Of} */ of) => {
    const count = (/** @type {Reads[]} */ reads, /** @type {boolean} */ hitsOnly) =>
      reads
        .filter((each) => each.of === of && (each.isHit || !hitsOnly))
        .reduce((sum, each) => sum + each.count, 0);
    return (
      (count(after, true) - count(before, true)) / (count(after, false) - count(before, false))
    );
  };
  return { list: ratio('list'), show: ratio('show') };
}
