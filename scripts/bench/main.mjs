// `npm run bench`: starts a PostgreSQL and an API of its own, and prints what they can do.
//   --quick           a glance of a minute instead of minutes
//   --only a,b        ceiling, hot, limited, spread, plain, keyed, confirm, lonely, sale, opening, pgbench,
//                     neighbours, events, relay, reads, search, fanout, staleness, overload, memory
//   --charts <folder> writes the charts there
//   --profile <folder> writes a CPU profile of the API there
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runQuietly } from '../launcher/command.mjs';
import { prepare } from '../launcher/prepare.mjs';
import { describe } from '../launcher/start-error.mjs';
import { listenForStop } from '../launcher/stop-signals.mjs';
import { complain, say } from '../launcher/terminal.mjs';
import { BenchSystem } from './bench-system.mjs';
import { startBroker } from './broker.mjs';
import { latencyChart, throughputChart, timeChart } from './charts.mjs';
import { measureEvents, measureMail, measureRelay } from './events.mjs';
import { measureFanOut } from './fan-out.mjs';
import { measureMemory } from './memory.mjs';
import { runPgbench } from './pgbench.mjs';
import { measureReads } from './reads.mjs';
import { holds, ratioTable, rowTable } from './report.mjs';
import { median, medianRatio, medianRows, takeTurns } from './rounds.mjs';
import { Rows } from './rows.mjs';
import { measureSearch } from './search.mjs';
import { measureStaleness } from './staleness.mjs';

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
  ? { rounds: 1, seconds: 4, flood: 10, events: 1 }
  : // Telling people costs less than the machine's noise: only more rounds show it.
    { rounds: 3, seconds: 10, flood: 60, events: 7 };

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
  const project = join(ROOT, 'apps', 'api', 'tsconfig.bench.json');
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await runQuietly('The compiler', process.execPath, [tsc, '-b', project], { cwd: ROOT, stop });
  const profile = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [];
  const system = await BenchSystem.start(stop, profile);
  try {
    const rows = new Rows(system, { hasWrk, seconds: times.seconds });
    say(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, one API process,`);
    say(`fsync on, load generator: ${hasWrk ? 'wrk' : 'buyers.mjs (wrk is not installed)'}`);
    await run(system, rows, hasWrk);
  } finally {
    await system.stop();
  }
}

/**
 * @param {BenchSystem} system
 * @param {Rows} rows
 * @param {boolean} hasWrk
 */
async function run(system, rows, hasWrk) {
  /** @type {import('./measure.mjs').Row[]} */
  const all = [];
  /** @type {import('./report.mjs').Ratio[]} */
  const ratios = [];
  const add = (/** @type {import('./measure.mjs').Row} */ row) => {
    all.push(row);
    say(
      `  ${row.name}: ` +
        [
          row.perSecond === undefined ? '' : `${Math.round(row.perSecond)}/s`,
          row.p99 === undefined || Number.isNaN(row.p99) ? '' : `p99 ${row.p99.toFixed(1)} ms`,
          row.remark ?? '',
        ]
          .filter((part) => part !== '')
          .join(', '),
    );
    return row;
  };

  say('Warming up …');
  const warm = new Rows(system, { hasWrk: false, seconds: 3 });
  await warm.ceiling();
  await warm.hot();
  await warm.spread();

  const compared = Object.entries({
    ceiling: () => rows.ceiling(),
    hot: () => rows.hot(),
    limited: () => rows.limited(),
    spread: () => rows.spread(),
    plainHot: () => rows.plainHot(),
    plainSpread: () => rows.plainSpread(),
  }).filter(([name]) => wanted(name.startsWith('plain') ? 'plain' : name));
  const rounds = await takeTurns(times.rounds, Object.fromEntries(compared));
  for (const row of medianRows(rounds)) add(row);
  /** @type {(name: string, above: string, below: string, value: 'perSecond' | 'p99', side: 'at least' | 'at most', target: number) => void} */
  const compare = (name, above, below, value, side, target) => {
    if (![above, below].every((each) => rounds[0]?.[each])) return;
    ratios.push({ name, value: medianRatio(rounds, above, below, value), side, target });
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
  compare(
    'holds with limits for accounts ÷ one hot show',
    'limited',
    'hot',
    'perSecond',
    'at least',
    0.9,
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
  if (wanted('events')) {
    const confirm = () => rows.confirmed();
    ratios.push(...(await measureEvents(system, { rounds: times.events, confirm, add })));
  }
  if (wanted('relay')) {
    const facts = 2_000 * times.seconds;
    add(await measureMail(system, facts / 10));
    add(await measureRelay(system, { transport: 'in process', settings: {}, facts }));
    const broker = await startBroker(system.signal);
    if (!broker) say('  relay over RabbitMQ: left out, since there is no rabbitmq-server');
    else {
      try {
        const settings = { AMQP_URL: broker.url };
        add(await measureRelay(system, { transport: 'RabbitMQ', settings, facts }));
      } finally {
        await broker.stop();
      }
    }
  }
  const { seconds } = times;
  if (wanted('reads') && !hasWrk) say('  reads: left out, since only wrk is fast enough for them');
  if (wanted('reads') && hasWrk) {
    ratios.push(...(await measureReads(system, { rounds: times.rounds, seconds, add })));
  }
  if (wanted('fanout'))
    ratios.push(...(await measureFanOut(system, { seconds: 2 * seconds, add })));
  if (wanted('staleness')) {
    ratios.push(...(await measureStaleness(system, { seconds: 2 * seconds, add })));
  }
  if (wanted('overload')) ratios.push(...(await overload(rows, add)));
  // The last, since their shows would be in everybody's lists.
  if (wanted('search') && hasWrk) ratios.push(...(await measureSearch(system, { seconds, add })));
  if (wanted('memory')) ratios.push(...(await measureMemory(system, { seconds, add })));
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
 * @param {(row: import('./measure.mjs').Row) => unknown} add
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
