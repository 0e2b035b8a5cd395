/**
 * @typedef {import('./measure.mjs').Row} Row
 *
 * @typedef {object} Ratio
 * @property {string} name
 * @property {number} value
 * @property {'at least' | 'at most'} side
 * @property {number} target
 */

const COLUMNS = [
  'row',
  'per second',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'failed',
  'API CPU s/1,000',
  'PostgreSQL CPU s/1,000',
  'cores: API + PostgreSQL + generator',
  'drift',
];

/**
 * @param {Row[]} rows
 * @returns {string} a Markdown table
 */
export function rowTable(rows) {
  return table(
    COLUMNS,
    rows.map((row) => [
      row.remark ? `${row.name} (${row.remark})` : row.name,
      whole(row.perSecond),
      ...[row.p50, row.p95, row.p99].map(milliseconds),
      String(row.failed ?? ''),
      seconds(row.apiCpu),
      seconds(row.postgresCpu),
      [row.apiLoad, row.postgresLoad, row.generatorLoad].map(seconds).join(' + '),
      String(row.drift),
    ]),
  );
}

/**
 * @param {Ratio[]} ratios
 * @returns {string} a Markdown table
 */
export function ratioTable(ratios) {
  return table(
    ['ratio', 'measured', 'target', ''],
    ratios.map((ratio) => [
      ratio.name,
      ratio.value.toFixed(2),
      `${ratio.side} ${ratio.target}`,
      holds(ratio) ? 'ok' : 'SHORT',
    ]),
  );
}

/** @param {Ratio} ratio */
export function holds({ value, side, target }) {
  return side === 'at least' ? value >= target : value <= target;
}

/**
 * @param {string[]} head
 * @param {string[][]} body
 */
function table(head, body) {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...body.map((cells) => cells[i]?.length ?? 0)),
  );
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...body.map(line)].join('\n');
}

/** @param {number | undefined} value */
function whole(value) {
  return value === undefined ? '' : Math.round(value).toLocaleString('en');
}

/** @param {number | undefined} value */
function milliseconds(value) {
  return value === undefined || Number.isNaN(value) ? '' : value.toFixed(value < 10 ? 1 : 0);
}

/** @param {number | undefined} value */
function seconds(value) {
  return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(2);
}
