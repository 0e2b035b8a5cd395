import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendBuyers } from './load.mjs';
import { meter } from './measure.mjs';
import { medianRatio, medianRows, takeTurns } from './rounds.mjs';

/** For the relay: facts of so many shows. */
const SHOWS = 100;

/** So many bookings never change within a second. */
const NEVER = 1_000_000_000;

/** Visits before the measuring: so many a second throttle no relay. */
const WARM_UP = { rate: 150, seconds: 3 };

/** Nobody waits for a fact to be told. */
const NO_LATENCY = { failed: 0, p50: NaN, p95: NaN, p99: NaN, generatorCpu: NaN };

/**
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 * @typedef {import('./bench-worker.mjs').BenchWorker} BenchWorker
 * @typedef {import('./measure.mjs').Row} Row
 * @typedef {import('./report.mjs').Ratio} Ratio
 */

/**
 * What telling people costs those who book: holds and confirms while nobody reads the outbox, while
 * a worker that has run for a while relays it and writes each mail, and while it does so without
 * being throttled, as it does after a minute of load; turn and turn about.
 *
 * @param {BenchSystem} system
 * @param {object} options
 * @param {number} options.rounds
 * @param {() => Promise<Row>} options.confirm measures holds and confirms
 * @param {(row: Row) => unknown} options.add is given the rows
 * @returns {Promise<Ratio[]>}
 */
export async function measureEvents(system, { rounds, confirm, add }) {
  /** @param {string} name @param {NodeJS.ProcessEnv} settings of the worker */
  const whileTold = async (name, settings) => {
    await forget(system);
    const folder = mkdtempSync(join(system.folder, 'mail-'));
    const worker = await system.startWorker({
      WORKER_ROLES: 'relay,notifications',
      MAIL_DIR: folder,
      ...settings,
    });
    try {
      await warmUp(system, worker);
      const before = { mails: readdirSync(folder).length, cpu: worker.cpu };
      const row = await confirm();
      const mails = readdirSync(folder).length - before.mails;
      const cpu = worker.cpu - before.cpu;
      const { published, age } = await progress(system);
      const remark = `${published} facts told by then, the oldest not told ${age.toFixed(1)} s old, ${mails} mails, worker ${cpu.toFixed(1)} CPU s`;
      return { ...row, name, remark };
    } finally {
      await worker.stop();
    }
  };
  const found = await takeTurns(rounds, {
    alone: async () => {
      await forget(system);
      return { ...(await confirm()), name: 'hold + confirm, outbox alone' };
    },
    told: () => whileTold('hold + confirm, people told', {}),
    toldAtOnce: () =>
      whileTold('hold + confirm, people told at full pace', { RELAY_THROTTLE_FROM: String(NEVER) }),
  });
  for (const row of medianRows(found)) add(row);
  return [
    {
      name: 'hold + confirm while people are told ÷ outbox alone',
      value: medianRatio(found, 'told', 'alone'),
      side: 'at least',
      target: 0.9,
    },
  ];
}

/**
 * How fast a relay brings waiting facts to a transport: holds of many shows, of which nobody is told.
 *
 * @param {BenchSystem} system
 * @param {object} options
 * @param {string} options.transport its name
 * @param {NodeJS.ProcessEnv} options.settings of the worker, for that transport
 * @param {number} options.facts
 * @returns {Promise<Row>}
 */
export async function measureRelay(system, { transport, settings, facts }) {
  await forget(system);
  const shows = await system.audience.openShows(SHOWS);
  await sendBuyers(system, { shows, connections: 100, visits: facts });
  const name = `relay of ${facts.toLocaleString('en')} facts, ${transport}`;
  return drain(system, name, settings);
}

/**
 * How fast a worker tells those who have booked the same show, each by a mail in a file.
 *
 * @param {BenchSystem} system
 * @param {number} mails
 * @returns {Promise<Row>} of facts, every second of which is told
 */
export async function measureMail(system, mails) {
  await forget(system);
  const shows = await system.audience.openShows(1);
  await sendBuyers(system, { shows, connections: 100, visits: mails, confirm: true });
  const name = `facts of ${mails.toLocaleString('en')} confirmed bookings, a mail each`;
  const folder = mkdtempSync(join(system.folder, 'mail-'));
  const row = await drain(system, name, { MAIL_DIR: folder });
  const written = readdirSync(folder).length;
  if (written !== mails) throw new Error(`${written} mails were written, not ${mails}`);
  return row;
}

/**
 * @param {BenchSystem} system
 * @param {string} name
 * @param {NodeJS.ProcessEnv} settings
 * @returns {Promise<Row>} facts per second from the first to the last, the worker's CPU as the API's
 */
async function drain(system, name, settings) {
  const worker = await system.startWorker({ WORKER_ROLES: 'relay,notifications', ...settings });
  try {
    const row = await meter(
      system,
      name,
      async () => {
        await untilAllIsTold(system, worker);
        const { published, seconds } = await progress(system);
        return { ...NO_LATENCY, requests: published, seconds };
      },
      worker,
    );
    return { ...row, drift: await system.audit() };
  } finally {
    await worker.stop();
  }
}

/**
 * As the API is warm before it is measured: a few hundred mails, and an outbox that is empty again.
 *
 * @param {BenchSystem} system
 * @param {BenchWorker} worker
 */
async function warmUp(system, worker) {
  const shows = await system.audience.openShows(1);
  await sendBuyers(system, { shows, connections: 20, confirm: true, ...WARM_UP });
  await untilAllIsTold(system, worker);
  await forget(system);
}

/**
 * @param {BenchSystem} system
 * @param {BenchWorker} worker
 */
async function untilAllIsTold(system, worker) {
  while ((await progress(system)).waiting > 0) {
    system.signal.throwIfAborted();
    if (Number.isNaN(worker.cpu)) throw new Error('the worker ended before its time');
    await sleep(100);
  }
}

/**
 * @param {BenchSystem} system
 * @returns {Promise<{ published: number, waiting: number, seconds: number, age: number }>} facts that
 *   were published after the first of them and how long that took, facts that wait, and how old the
 *   oldest of those is in seconds
 */
async function progress({ pool }) {
  const { rows } = await pool.query(
    `SELECT count(*) FILTER (WHERE published_at > first)::int AS published,
            count(*) FILTER (WHERE published_at IS NULL AND dead_lettered_at IS NULL)::int AS waiting,
            coalesce(extract(epoch FROM max(published_at) - min(first)), 0)::float8 AS seconds,
            coalesce(extract(epoch FROM clock_timestamp()
              - min(created_at) FILTER (WHERE published_at IS NULL)), 0)::float8 AS age
     FROM outbox, (SELECT min(published_at) AS first FROM outbox) AS times`,
  );
  return rows[0];
}

/**
 * What lies in the outbox from before is not this row's.
 *
 * @param {BenchSystem} system
 */
async function forget({ pool }) {
  await pool.query('TRUNCATE outbox');
}
