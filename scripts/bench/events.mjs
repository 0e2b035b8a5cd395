import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRabbit } from '../cluster/find-programs.mjs';
import { Place } from '../cluster/place.mjs';
import { rabbitPrograms } from '../cluster/rabbitmq.mjs';
import { lastingPort } from '../launcher/ports.mjs';
import { say } from '../launcher/terminal.mjs';
import { confirm } from './bookings.mjs';
import { generateLoad } from './load.mjs';
import { alternate, measure, medianRatio, medianRows } from './measure.mjs';
import { atLeast } from './report.mjs';

/** Slow enough that the relay is not throttled. */
const WARM_UP = { connections: 20, rate: 150, seconds: 3, confirm: true };
const UNTHROTTLED = { RELAY_THROTTLE_FROM: '1000000000' };

/**
 * @typedef {import('./main.mjs').Bench} Bench
 * @typedef {import('./bench-system.mjs').BenchSystem} BenchSystem
 * @typedef {import('./server-process.mjs').ServerProcess} ServerProcess
 */

/**
 * What notifications cost bookings: holds and confirms without a worker, beside a worker that
 * relays domain events and sends mails, and beside one whose relay is not throttled.
 */
export async function measureEvents(/** @type {Bench} */ bench) {
  const { system } = bench;
  const besideWorker = async (
    /** @type {string} */ name,
    /** @type {NodeJS.ProcessEnv} */ settings,
  ) => {
    const folder = mkdtempSync(join(system.folder, 'mail-'));
    return withWorker(system, { MAIL_DIR: folder, ...settings }, async (worker) => {
      const shows = await system.users.openShows(1);
      await generateLoad(system, { shows, ...WARM_UP });
      await untilDone(system, worker);
      await clearOutbox(system);
      const before = { mails: readdirSync(folder).length, cpu: worker.cpu };
      const row = await confirm(bench);
      const mails = readdirSync(folder).length - before.mails;
      const { published, age } = await progressOf(system);
      const remark =
        `${published} events published, the oldest waiting ${age.toFixed(1)} s, ` +
        `${mails} mails, worker ${(worker.cpu - before.cpu).toFixed(1)} CPU s`;
      return { ...row, name, remark };
    });
  };
  const rounds = await alternate(bench.eventRounds, {
    alone: async () => {
      await clearOutbox(system);
      return { ...(await confirm(bench)), name: 'hold + confirm, no worker' };
    },
    notified: () => besideWorker('hold + confirm beside a worker', {}),
    unthrottled: () => besideWorker('hold + confirm beside an unthrottled worker', UNTHROTTLED),
  });
  medianRows(rounds).forEach(bench.add);
  const ratio = medianRatio(rounds, 'notified', 'alone');
  bench.check(atLeast('hold + confirm beside a worker ÷ without', ratio, 0.9));
}

/** How fast waiting events leave the outbox: with a mail each, and over each transport. */
export async function measureRelay(/** @type {Bench} */ bench) {
  const { system } = bench;
  const events = 2_000 * bench.seconds;
  const mails = events / 10;
  const folder = mkdtempSync(join(system.folder, 'mail-'));
  const mailed = { shows: 1, visits: mails, confirm: true };
  await drain(bench, `events of ${mails} confirmed bookings, a mail each`, mailed, {
    MAIL_DIR: folder,
  });
  const written = readdirSync(folder).length;
  if (written !== mails) throw new Error(`${written} mails were written, not ${mails}`);
  const held = { shows: 100, visits: events };
  await drain(bench, `relay of ${events} events, in process`, held, {});
  await withBroker(system.signal, async (url) => {
    await drain(bench, `relay of ${events} events, RabbitMQ`, held, { AMQP_URL: url });
  });
}

/**
 * Adds a row of events per second, with the worker's CPU in place of the API's.
 *
 * @param {Bench} bench
 * @param {string} name
 * @param {{ shows: number, visits: number, confirm?: boolean }} before holds that fill the outbox
 * @param {NodeJS.ProcessEnv} settings
 */
async function drain({ system, add }, name, { shows, ...plan }, settings) {
  await clearOutbox(system);
  const opened = await system.users.openShows(shows);
  await generateLoad(system, { shows: opened, connections: 100, ...plan });
  const row = await withWorker(system, settings, (worker) =>
    measure(
      system,
      name,
      async () => {
        await untilDone(system, worker);
        const { published, seconds } = await progressOf(system);
        return { requests: published, seconds, failed: 0, p50: NaN, p95: NaN, p99: NaN };
      },
      worker,
    ),
  );
  add(row);
}

/**
 * @template T
 * @param {BenchSystem} system
 * @param {NodeJS.ProcessEnv} settings
 * @param {(worker: ServerProcess) => Promise<T>} work
 */
async function withWorker(system, settings, work) {
  const worker = await system.startWorker(settings);
  try {
    return await work(worker);
  } finally {
    await worker.stop();
  }
}

/** @param {AbortSignal} signal @param {(url: string) => Promise<void>} work */
async function withBroker(signal, work) {
  const { rabbitmq, epmd } = findRabbit(process.env);
  if (!rabbitmq || !epmd) return say('  relay over RabbitMQ: left out, rabbitmq-server is missing');
  const place = await Place.create();
  const port = await lastingPort();
  const programs = await rabbitPrograms({ programs: { rabbitmq, epmd }, place, port });
  try {
    await programs.names.start(signal);
    await programs.rabbitmq.start(signal);
    await work(`amqp://guest:guest@127.0.0.1:${port}`);
  } finally {
    await programs.rabbitmq.stop();
    await programs.names.stop();
    place.remove();
  }
}

/** @param {BenchSystem} system @param {ServerProcess} worker */
async function untilDone(system, worker) {
  while ((await progressOf(system)).waiting > 0) {
    system.signal.throwIfAborted();
    if (Number.isNaN(worker.cpu)) throw new Error('the worker has ended');
    await sleep(100);
  }
}

/**
 * @param {BenchSystem} system
 * @returns {Promise<{ published: number, waiting: number, seconds: number, age: number }>} events
 *   published after the first; events and messages that wait; until the last of either; how long the
 *   oldest event has waited
 */
async function progressOf({ pool }) {
  const { rows } = await pool.query(
    `SELECT published, waiting + pending AS waiting, age,
            coalesce(extract(epoch FROM greatest(last, sent) - first), 0)::float8 AS seconds
     FROM (SELECT min(published_at) AS first FROM outbox) AS start,
          LATERAL (
            SELECT count(*) FILTER (WHERE published_at > first)::int AS published,
                   count(*) FILTER (WHERE published_at IS NULL AND dead_lettered_at IS NULL)::int
                     AS waiting,
                   max(published_at) AS last,
                   coalesce(extract(epoch FROM clock_timestamp()
                     - min(created_at) FILTER (WHERE published_at IS NULL)), 0)::float8 AS age
            FROM outbox
          ) AS events,
          (SELECT count(*) FILTER (WHERE status = 'PENDING')::int AS pending, max(sent_at) AS sent
           FROM notifications) AS messages`,
  );
  return rows[0];
}

/** @param {BenchSystem} system */
async function clearOutbox({ pool }) {
  await pool.query('TRUNCATE outbox, notifications');
}
