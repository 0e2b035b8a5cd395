import { once } from 'node:events';
import { join } from 'node:path';
import { prepare } from '../launcher/prepare.mjs';
import { RunFile } from '../launcher/run-file.mjs';
import { readSettings } from '../launcher/settings.mjs';
import { StartError } from '../launcher/start-error.mjs';
import { say } from '../launcher/terminal.mjs';
import { toTheEnd } from '../launcher/to-the-end.mjs';
import { Cluster } from './cluster.mjs';
import { findPrograms } from './find-programs.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

export async function main() {
  await toTheEnd(runCluster);
}

/** @param {import('../launcher/stop-signals.mjs').StopSignals} signals */
async function runCluster({ stop, hurry }) {
  const { programs, missing } = findPrograms(process.env);
  if (missing !== null) throw new StartError(missing);
  const { dataDir } = readSettings({ MODEX_DATA_DIR: process.env['MODEX_DATA_DIR'] }, ROOT);
  const run = await RunFile.claim(join(dataDir, 'cluster'));
  const over = new AbortController();
  try {
    await prepare({ root: ROOT, stop, onSpawn: (pid) => run.record('preparation', pid) });
    const cluster = await Cluster.start({
      root: ROOT,
      programs,
      demo: true,
      stop,
      hurry,
      onStep: (step) => say(`Starting ${step} …`),
      onSpawn: (name, pid) => run.record(name, pid),
    });
    try {
      run.announce(cluster.url);
      say(banner(cluster));
      const watched = cluster.watch(over.signal);
      if (!stop.aborted) await Promise.race([once(stop, 'abort'), watched]);
    } finally {
      over.abort();
      await cluster.stop(hurry);
    }
  } finally {
    run.release();
  }
}

/** @param {Cluster} cluster */
function banner(cluster) {
  const rows = [
    ['Page', cluster.url],
    ['API docs', `${cluster.url}/api/docs`],
    ['Organiser', 'admin@modex.test  /  modex-admin-demo'],
    ['Customer', 'ada@modex.test  /  modex-customer-demo'],
    ...cluster.apis.flatMap(({ name, url, metricsUrl }) => [
      [name, url],
      ['', metricsUrl],
    ]),
    ...cluster.workers.map(({ name, metricsUrl }) => [name, metricsUrl]),
    ['PgBouncer', cluster.pgbouncer.url],
    ['Primary', cluster.primary.url],
    ['Replica', cluster.replica.url],
    ['Redis', cluster.redisUrl],
    ['RabbitMQ', cluster.amqpUrl],
    ['Logs, mail', cluster.folder],
  ];
  const lines = rows.map(([name, value]) => `    ${name?.padEnd(10)} ${value}`);
  return [
    '',
    '  The cluster is ready.',
    '',
    ...lines,
    '',
    '  Whatever of it you kill is started again. Ctrl-C stops all of it and removes its files.',
    '',
  ].join('\n');
}
