/** @typedef {import('./measure.mjs').Row} Row */

const WIDTH = 760;
const LABELS = 270;
const BAR = 20;
const GAP = 10;
const TOP = 44;
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2937; }
  .title { font-size: 15px; font-weight: 600; }
  .value { fill: #4b5563; }
  rect.ground { fill: #ffffff; }
  .a { fill: #2563eb; } .b { fill: #f59e0b; } .c { fill: #dc2626; } .line { stroke: #2563eb; fill: none; stroke-width: 2; }`;

/**
 * Successes per second of each row whose rate was not set.
 *
 * @param {string} title
 * @param {Row[]} all
 * @returns {string} SVG
 */
export function throughputChart(title, all) {
  const rows = all.filter(({ perSecond, paced }) => perSecond !== undefined && !paced);
  const most = Math.max(...rows.map((row) => row.perSecond ?? 0));
  const bars = rows.map((row, i) => {
    const value = row.perSecond ?? 0;
    const fill = row.name.startsWith('plain') ? 'b' : 'a';
    return bar(
      i,
      row.name,
      [{ share: value / most, fill }],
      Math.round(value).toLocaleString('en'),
    );
  });
  return svg(title, TOP + rows.length * (BAR + GAP), bars);
}

/**
 * p50, p95 and p99 of each row that has them, on one scale.
 *
 * @param {string} title
 * @param {Row[]} all
 * @returns {string} SVG
 */
export function latencyChart(title, all) {
  const rows = all.filter(({ p99 }) => p99 !== undefined && Number.isFinite(p99));
  const most = Math.max(...rows.map((row) => row.p99 ?? 0));
  const bars = rows.map((row, i) => {
    const { p50 = 0, p95 = 0, p99 = 0 } = row;
    const parts = [
      { share: p99 / most, fill: 'c' },
      { share: p95 / most, fill: 'b' },
      { share: p50 / most, fill: 'a' },
    ];
    return bar(i, row.name, parts, [p50, p95, p99].map((value) => value.toFixed(0)).join(' / '));
  });
  return svg(title, TOP + rows.length * (BAR + GAP), bars);
}

/**
 * Successes in each second of a flood.
 *
 * @param {string} title
 * @param {number[]} perSecond
 * @returns {string} SVG
 */
export function timeChart(title, perSecond) {
  const height = 200;
  const most = Math.max(...perSecond);
  const x = (/** @type {number} */ i) =>
    50 + (i / Math.max(1, perSecond.length - 1)) * (WIDTH - 70);
  const y = (/** @type {number} */ value) => TOP + height * (1 - value / most);
  const points = perSecond.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
  return svg(title, TOP + height + 24, [
    `<polyline class="line" points="${points.join(' ')}"/>`,
    `<text class="value" x="4" y="${y(most) + 5}">${most.toLocaleString('en')}</text>`,
    `<text class="value" x="4" y="${y(0)}">0</text>`,
    `<text class="value" x="${x(perSecond.length - 1) - 30}" y="${y(0) + 18}">${perSecond.length} s</text>`,
  ]);
}

/**
 * @param {number} index
 * @param {string} label
 * @param {{ share: number, fill: string }[]} parts the longest first
 * @param {string} value
 */
function bar(index, label, parts, value) {
  const y = TOP + index * (BAR + GAP);
  const room = WIDTH - LABELS - 110;
  const rects = parts.map(
    ({ share, fill }) =>
      `<rect class="${fill}" x="${LABELS}" y="${y}" width="${(share * room).toFixed(1)}" height="${BAR}" rx="3"/>`,
  );
  const end = LABELS + Math.max(...parts.map(({ share }) => share)) * room + 8;
  return [
    `<text x="${LABELS - 8}" y="${y + 15}" text-anchor="end">${label}</text>`,
    ...rects,
    `<text class="value" x="${end.toFixed(1)}" y="${y + 15}">${value}</text>`,
  ].join('\n');
}

/**
 * @param {string} title
 * @param {number} height
 * @param {string[]} parts
 */
function svg(title, height, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="12" y="24">${title}</text>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}
