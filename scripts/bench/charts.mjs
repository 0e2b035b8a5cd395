import * as echarts from 'echarts';

/** @typedef {import('./measure.mjs').Row} Row */

const WIDTH = 860;

/** @param {Row[]} rows @returns {string} SVG: successes per second of each row whose rate was not set */
export function throughputChart(rows) {
  const free = rows.filter(({ perSecond, paced }) => perSecond !== undefined && !paced);
  const values = free.map(({ perSecond }) => Math.round(Number(perSecond)));
  return bars('Successes per second', free, { 'per second': values });
}

/** @param {Row[]} rows @returns {string} SVG: p50, p95 and p99 of each row that has them */
export function latencyChart(rows) {
  const timed = rows.filter(({ p99 }) => Number.isFinite(p99));
  const names = /** @type {const} */ (['p50', 'p95', 'p99']);
  const series = names.map((name) => [name, timed.map((row) => Math.round(Number(row[name])))]);
  return bars('Latency, milliseconds', timed, Object.fromEntries(series));
}

/** @param {number[]} perSecond @returns {string} SVG: successes in each second */
export function overloadChart(perSecond) {
  return render(360, {
    title: { text: 'Successes per second at twice the arrivals', left: 8 },
    grid: { top: 60, left: 60, right: 30, bottom: 24 },
    xAxis: { type: 'category', name: 's', data: perSecond.map((_, i) => i + 1) },
    yAxis: { type: 'value' },
    series: [{ type: 'line', data: perSecond, showSymbol: false }],
  });
}

/** @param {string} title @param {Row[]} rows @param {Record<string, number[]>} series */
function bars(title, rows, series) {
  const names = Object.keys(series);
  return render(120 + rows.length * (16 + 14 * names.length), {
    title: { text: title, left: 8 },
    legend: { show: names.length > 1, right: 8 },
    xAxis: { type: 'value' },
    yAxis: { type: 'category', inverse: true, data: rows.map(({ name }) => name) },
    series: names.map((name) => {
      return { name, type: 'bar', data: series[name], label: { show: true, position: 'right' } };
    }),
  });
}

/** @param {number} height @param {echarts.EChartsOption} option */
function render(height, option) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const grid = { top: 40, left: 270, right: 60, bottom: 24 };
  chart.setOption({ animation: false, backgroundColor: '#fff', grid, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
