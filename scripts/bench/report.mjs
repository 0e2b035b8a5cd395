/**
 * @typedef {import('./measure.mjs').Row} Row
 * @typedef {{ name: string, value: number, isMet: boolean, target: string }} Check
 */

const COLUMNS = [
  ...['row', 'per second', 'p50 ms', 'p95 ms', 'p99 ms', 'failed'],
  ...['API CPU s/1,000', 'PostgreSQL CPU s/1,000', 'cores: API + PostgreSQL + generator', 'drift'],
];

/** @type {(name: string, value: number, target: number) => Check} */
export const atLeast = (name, value, target) => {
  return { name, value, isMet: value >= target, target: `at least ${target}` };
};

/** @type {(name: string, value: number, target: number) => Check} */
export const atMost = (name, value, target) => {
  return { name, value, isMet: value <= target, target: `at most ${target}` };
};

/** @param {Row} row */
export function rowLine({ name, perSecond, p99, remark }) {
  const rate = perSecond === undefined ? [] : [`${whole(perSecond)}/s`];
  const tail = milliseconds(p99) === '' ? [] : [`p99 ${milliseconds(p99)} ms`];
  return `  ${name}: ${[...rate, ...tail, ...(remark ? [remark] : [])].join(', ')}`;
}

/** @param {Row[]} rows @returns {string} a Markdown table */
export function rowTable(rows) {
  return table(
    COLUMNS,
    rows.map((row) => [
      row.remark ? `${row.name} (${row.remark})` : row.name,
      whole(row.perSecond),
      ...[row.p50, row.p95, row.p99].map(milliseconds),
      String(row.failed ?? ''),
      ...[row.apiCpu, row.postgresCpu].map(decimals),
      [row.apiCores, row.postgresCores, row.generatorCores].map(decimals).join(' + '),
      String(row.drift),
    ]),
  );
}

/** @param {Check[]} checks @returns {string} a Markdown table */
export function checkTable(checks) {
  return table(
    ['ratio', 'measured', 'target', ''],
    checks.map(({ name, value, target, isMet }) => [
      ...[name, value.toFixed(2), target],
      isMet ? 'ok' : 'SHORT',
    ]),
  );
}

/** @param {string[]} head @param {string[][]} body */
function table(head, body) {
  const rule = head.map((_, i) => (i === 0 ? '---' : '--:'));
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
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
function decimals(value) {
  return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(2);
}
