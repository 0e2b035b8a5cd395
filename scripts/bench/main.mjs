// `npm run bench`: measures a PostgreSQL and an API of its own.
//   --quick            one short round
//   --only a,b         the rows with these names
//   --charts <folder>  writes charts
//   --profile <folder> writes CPU profiles of the API
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run, runQuietly } from '../launcher/command.mjs';
import { prepare } from '../launcher/prepare.mjs';
import { describe } from '../launcher/start-error.mjs';
import { listenForStop } from '../launcher/stop-signals.mjs';
import { complain, say } from '../launcher/terminal.mjs';
import { BenchSystem } from './bench-system.mjs';
import * as bookings from './bookings.mjs';
import { measureEvents, measureRelay } from './events.mjs';
import { measureFanOut, measureStaleness } from './live.mjs';
import { measureMemory } from './memory.mjs';
import { measureReads, measureSearch } from './reads.mjs';
import { atMost, checkTable, rowLine, rowTable } from './report.mjs';
import * as surges from './surges.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const COMPARED = ['bare', 'noop', 'hot', 'limited', 'spread', 'original', 'plain'];
/** By the names that `--only` takes. @type {Record<string, (bench: Bench) => Promise<unknown>>} */
const SCENARIOS = {
  ...Object.fromEntries(COMPARED.map((name) => [name, bookings.measureHolds])),
  keyed: bookings.measureKeyed,
  confirm: bookings.measureConfirm,
  sequential: bookings.measureSequential,
  sale: surges.measureSale,
  opening: surges.measureOpening,
  neighbours: surges.measureNeighbours,
  events: measureEvents,
  relay: measureRelay,
  reads: measureReads,
  fanout: measureFanOut,
  staleness: measureStaleness,
  overload: surges.measureOverload,
  // Their shows stay in the lists, and the fewer are first.
  memory: measureMemory,
  search: measureSearch,
};
const NEED_WRK = ['reads', 'search'];

/**
 * @typedef {import('./measure.mjs').Row} Row
 * @typedef {import('./report.mjs').Check} Check
 *
 * @typedef {object} Bench
 * @property {BenchSystem} system
 * @property {boolean} hasWrk
 * @property {(name: string) => boolean} wanted
 * @property {number} rounds
 * @property {number} eventRounds more, since notifications cost less than the machine's noise
 * @property {number} seconds of each row
 * @property {number} floodSeconds
 * @property {(row: Row) => void} add
 * @property {(...checks: Check[]) => void} check
 * @property {(perSecond: number[]) => void} chartOverload
 */

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    charts: { type: 'string' },
    profile: { type: 'string' },
  },
});
const only = options.only?.split(',') ?? Object.keys(SCENARIOS);
const unknown = only.filter((name) => !(name in SCENARIOS));
const { stop } = listenForStop();
try {
  if (unknown.length > 0) throw new Error(`no such row: ${unknown.join(', ')}`);
  await main();
} catch (error) {
  if (!stop.aborted) complain(describe(error));
  process.exitCode = 1;
}

async function main() {
  await prepare({ root: ROOT, stop, page: false });
  const project = join(ROOT, 'apps', 'api', 'tsconfig.bench.json');
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await runQuietly('The compiler', process.execPath, [tsc, '-b', project], { cwd: ROOT, stop });
  const hasWrk = (await run('wrk', ['-v'], { cwd: ROOT, stop })).output.startsWith('wrk ');
  const profile = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [];
  const system = await BenchSystem.start(stop, profile);
  /** @type {Row[]} */
  const rows = [];
  /** @type {number[]} */
  let overload = [];
  /** @type {Check[]} */
  const checks = [];
  const times = options.quick
    ? { rounds: 1, eventRounds: 1, seconds: 4, floodSeconds: 10 }
    : { rounds: 3, eventRounds: 7, seconds: 10, floodSeconds: 60 };
  /** @type {Bench} */
  const bench = {
    ...{ system, hasWrk, ...times },
    wanted: (name) => only.includes(name),
    add: (row) => {
      rows.push(row);
      say(rowLine(row));
    },
    check: (...more) => checks.push(...more),
    chartOverload: (perSecond) => (overload = perSecond),
  };
  try {
    const generator = hasWrk ? 'wrk' : 'load-generator.mjs (wrk is not installed)';
    say(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, ${generator}`);
    await bookings.warmUp(bench);
    const names = Object.keys(SCENARIOS).filter(bench.wanted);
    for (const scenario of new Set(names.map((name) => SCENARIOS[name]))) {
      const name = names.find((each) => SCENARIOS[each] === scenario) ?? '';
      if (!hasWrk && NEED_WRK.includes(name)) say(`  ${name}: left out, since it needs wrk`);
      else await scenario?.(bench);
    }
  } finally {
    await system.stop();
  }
  const drift = rows.reduce((sum, row) => sum + row.drift, 0);
  checks.push(atMost('shows whose counters and bookings disagree, over all rows', drift, 0));
  say(`\n${rowTable(rows)}\n\n${checkTable(checks)}`);
  if (options.charts) {
    const charts = await import('./charts.mjs');
    mkdirSync(options.charts, { recursive: true });
    const write = (/** @type {string} */ name, /** @type {string} */ svg) =>
      writeFileSync(join(String(options.charts), name), svg);
    write('bench-throughput.svg', charts.throughputChart(rows));
    write('bench-latency.svg', charts.latencyChart(rows));
    if (overload.length > 0) write('bench-overload.svg', charts.overloadChart(overload));
  }
  if (!checks.every(({ isMet }) => isMet)) process.exitCode = 1;
}
