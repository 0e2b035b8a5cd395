/** @typedef {import('./measure.mjs').Row} Row */

/**
 * What is compared is measured turn and turn about: the machine of one minute is not that of the
 * next.
 *
 * @param {number} count of rounds
 * @param {Record<string, () => Promise<Row>>} compared
 * @returns {Promise<Record<string, Row>[]>} the rows of each round by their names in `compared`
 */
export async function takeTurns(count, compared) {
  const rounds = [];
  for (let round = 1; round <= count; round++) {
    /** @type {Record<string, Row>} */
    const measured = {};
    for (const [name, take] of Object.entries(compared)) measured[name] = await take();
    rounds.push(measured);
  }
  return rounds;
}

/**
 * @param {Record<string, Row>[]} rounds
 * @returns {Row[]} of each name the one with the median of successes, with the drift of all
 */
export function medianRows(rounds) {
  return Object.keys(rounds[0] ?? {}).flatMap((name) => {
    const rows = rounds.flatMap((round) => round[name] ?? []);
    const sorted = rows.toSorted((a, b) => (a.perSecond ?? 0) - (b.perSecond ?? 0));
    const middle = sorted[sorted.length >> 1];
    return middle ? [{ ...middle, drift: rows.reduce((sum, { drift }) => sum + drift, 0) }] : [];
  });
}

/**
 * @param {Record<string, Row>[]} rounds
 * @param {string} above
 * @param {string} below
 * @param {'perSecond' | 'p99'} [value]
 * @returns {number} the median of the rounds' ratios; NaN where one of the two was not measured
 */
export function medianRatio(rounds, above, below, value = 'perSecond') {
  const found = rounds.flatMap((round) => {
    const [one, other] = [round[above]?.[value], round[below]?.[value]];
    return one !== undefined && other !== undefined ? [one / other] : [];
  });
  return median(found);
}

/** @param {number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
