// `npm run bench`: starts a PostgreSQL and an API of its own, and prints what they can do.
//   --quick           a glance of a minute instead of minutes
//   --only a,b        ceiling, hot, spread, plain, keyed, confirm, lonely, sale, opening,
//                     neighbours, overload, pgbench
//   --charts <folder> writes the charts there
//   --profile <folder> writes a CPU profile of the API there
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from '../launcher/prepare.mjs';
import { describe } from '../launcher/start-error.mjs';
import { listenForStop } from '../launcher/stop-signals.mjs';
import { complain, say } from '../launcher/terminal.mjs';
import { BenchSystem } from './bench-system.mjs';
import { latencyChart, throughputChart, timeChart } from './charts.mjs';
import { runPgbench } from './pgbench.mjs';
import { holds, ratioTable, rowTable } from './report.mjs';
import { Rows } from './rows.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    charts: { type: 'string' },
    profile: { type: 'string' },
  },
});
const only = options.only?.split(',');
const wanted = (/** @type {string} */ name) => only?.includes(name) ?? true;
const times = options.quick
  ? { rounds: 1, seconds: 4, flood: 10 }
  : { rounds: 3, seconds: 10, flood: 60 };

const { stop } = listenForStop();
try {
  await bench();
} catch (error) {
  if (!stop.aborted) complain(describe(error));
  process.exitCode = 1;
}

async function bench() {
  const hasWrk = isInstalled('wrk', ['-v']);
  await prepare({ root: ROOT, stop, page: false });
  const profile = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [];
  const system = await BenchSystem.start(stop, profile);
  try {
    const rows = new Rows(system, { hasWrk, seconds: times.seconds });
    say(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, one API process,`);
    say(`fsync on, load generator: ${hasWrk ? 'wrk' : 'buyers.mjs (wrk is not installed)'}`);
    await run(system, rows);
  } finally {
    await system.stop();
  }
}

/**
 * @param {BenchSystem} system
 * @param {Rows} rows
 */
async function run(system, rows) {
  /** @type {import('./rows.mjs').Row[]} */
  const all = [];
  /** @type {import('./report.mjs').Ratio[]} */
  const ratios = [];
  const add = (/** @type {import('./rows.mjs').Row} */ row) => {
    all.push(row);
    say(
      `  ${row.name}: ${Math.round(row.perSecond ?? 0)}/s, p99 ${row.p99?.toFixed(1)} ms` +
        (row.remark ? ` (${row.remark})` : ''),
    );
    return row;
  };

  say('Warming up …');
  const warm = new Rows(system, { hasWrk: false, seconds: 3 });
  await warm.ceiling();
  await warm.hot();
  await warm.spread();

  // What is compared is measured turn and turn about, and the median of the ratios counts.
  const compared = /** @type {const} */ ({
    ceiling: () => rows.ceiling(),
    hot: () => rows.hot(),
    spread: () => rows.spread(),
    plainHot: () => rows.plainHot(),
    plainSpread: () => rows.plainSpread(),
  });
  /** @type {Record<string, import('./rows.mjs').Row>[]} */
  const rounds = [];
  for (let round = 1; round <= times.rounds; round++) {
    /** @type {Record<string, import('./rows.mjs').Row>} */
    const measured = {};
    for (const [name, measure] of Object.entries(compared)) {
      if (wanted(name.startsWith('plain') ? 'plain' : name)) measured[name] = await measure();
    }
    rounds.push(measured);
  }
  for (const name of Object.keys(rounds[0] ?? {})) {
    add(/** @type {import('./rows.mjs').Row} */ (medianRow(rounds.map((round) => round[name]))));
  }
  /** @type {(name: string, above: string, below: string, value: 'perSecond' | 'p99', side: 'at least' | 'at most', target: number) => void} */
  const compare = (name, above, below, value, side, target) => {
    const found = rounds.flatMap((round) => {
      const [one, other] = [round[above]?.[value], round[below]?.[value]];
      return one !== undefined && other !== undefined ? [one / other] : [];
    });
    if (found.length > 0) ratios.push({ name, value: median(found), side, target });
  };
  compare('one hot show ÷ HTTP ceiling', 'hot', 'ceiling', 'perSecond', 'at least', 0.7);
  compare(
    'one hot show ÷ plain SQL, one hot show',
    'hot',
    'plainHot',
    'perSecond',
    'at least',
    4.5,
  );
  compare('100 shows ÷ HTTP ceiling', 'spread', 'ceiling', 'perSecond', 'at least', 0.6);
  compare(
    '100 shows ÷ plain SQL, 100 shows',
    'spread',
    'plainSpread',
    'perSecond',
    'at least',
    1.2,
  );
  compare('p99 of one hot show ÷ of the ceiling', 'hot', 'ceiling', 'p99', 'at most', 4);

  if (wanted('keyed')) add(await rows.keyed());
  if (wanted('confirm')) add(await rows.confirmed());
  if (wanted('lonely')) {
    const http = add(await rows.lonely());
    const plain = add(await rows.lonelyPlain());
    ratios.push({
      name: 'p50 of one hold at a time ÷ of one plain SQL transaction',
      value: Number(http.p50) / Number(plain.p50),
      side: 'at most',
      target: 2.5,
    });
  }
  if (wanted('sale')) add(await rows.flashSale());
  if (wanted('opening')) add(await rows.opening());
  if (wanted('pgbench')) for (const row of await runPgbench(system, times.seconds)) add(row);
  if (wanted('neighbours')) {
    /** @type {Awaited<ReturnType<Rows['neighbours']>>[]} */
    const found = [];
    for (let round = 1; round <= times.rounds; round++) found.push(await rows.neighbours());
    const middle = (/** @type {'alone' | 'besideCpu' | 'besideSoldOut'} */ name) =>
      median(found.map((waits) => waits[name])).toFixed(2);
    say(
      `  lane wait p99 of other shows: alone ${middle('alone')} ms, beside a flood that costs CPU ` +
        `only ${middle('besideCpu')} ms, beside the same flood on a sold-out show ${middle('besideSoldOut')} ms`,
    );
    ratios.push({
      name: 'lane wait p99 beside a flood on a sold-out show ÷ beside one that costs CPU only',
      value: median(found.map(({ besideCpu, besideSoldOut }) => besideSoldOut / besideCpu)),
      side: 'at most',
      target: 1.5,
    });
  }
  if (wanted('overload')) ratios.push(...(await overload(rows, add)));
  ratios.push({
    name: 'shows whose counters and bookings disagree, over all rows',
    value: all.reduce((sum, { drift }) => sum + drift, 0),
    side: 'at most',
    target: 0,
  });

  say(`\n${rowTable(all)}\n\n${ratioTable(ratios)}`);
  writeChart('throughput.svg', throughputChart('Successes per second', all));
  writeChart('latency.svg', latencyChart('Latency: p50 / p95 / p99, milliseconds', all));
  if (!ratios.every(holds)) process.exitCode = 1;
}

/**
 * @param {Rows} rows
 * @param {(row: import('./rows.mjs').Row) => unknown} add
 * @returns {Promise<import('./report.mjs').Ratio[]>}
 */
async function overload(rows, add) {
  const { peak, crowd, flood, calm, recoveredAfter } = await rows.overload(times.flood);
  for (const { row } of [peak, crowd, flood, calm]) add(row);
  writeChart(
    'overload.svg',
    timeChart('Successes per second at twice the arrivals', flood.visits.perSecond),
  );
  const best = Number(peak.row.perSecond);
  const confirms = [crowd, flood].map(({ visits }) => visits.confirm);
  return [
    [
      'goodput with five times the connections ÷ peak',
      Number(crowd.row.perSecond) / best,
      'at least',
      0.9,
    ],
    ['goodput at twice the arrivals ÷ peak', Number(flood.row.perSecond) / best, 'at least', 0.6],
    ['refusals at twice the arrivals, p99 ms', flood.visits.hold.refused.p99, 'at most', 100],
    [
      'confirms of live holds refused in both',
      confirms.reduce((sum, { refused, other }) => sum + refused.count + other.count, 0),
      'at most',
      0,
    ],
    [
      'confirms in both, p99 ms',
      Math.max(...confirms.map(({ done }) => done.p99)),
      'at most',
      1_000,
    ],
    ['seconds until 90 % of the peak again', recoveredAfter, 'at most', 5],
  ].map(
    ([name, value, side, target]) =>
      /** @type {import('./report.mjs').Ratio} */ ({ name, value, side, target }),
  );
}

/** @param {(import('./rows.mjs').Row | undefined)[]} rows of the same name */
function medianRow(rows) {
  const sorted = rows.toSorted((a, b) => (a?.perSecond ?? 0) - (b?.perSecond ?? 0));
  const middle = sorted[sorted.length >> 1];
  const drift = rows.reduce((sum, row) => sum + (row?.drift ?? 0), 0);
  return middle && { ...middle, drift };
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/**
 * @param {string} name
 * @param {string} content
 */
function writeChart(name, content) {
  if (!options.charts) return;
  mkdirSync(options.charts, { recursive: true });
  writeFileSync(join(options.charts, name), content);
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function isInstalled(program, args) {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch (error) {
    // wrk says its version and then ends with 1.
    return /** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT';
  }
}
