import { once } from 'node:events';
import { relative } from 'node:path';
import { runQuietly } from './command.mjs';
import { developmentServices } from './development-services.mjs';
import { EmbeddedPostgres } from './embedded-postgres.mjs';
import { keepRunning } from './keep-running.mjs';
import { assertPortIsFree } from './ports.mjs';
import { prepare } from './prepare.mjs';
import { productionServices } from './production-services.mjs';
import { RunFile } from './run-file.mjs';
import { readSettings, serviceEnvironment } from './settings.mjs';
import { complain, say } from './terminal.mjs';
import { describe } from './start-error.mjs';

/**
 * @typedef {object} SystemOptions
 * @property {string} root the repository's folder
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} dev with watch and hot reload
 * @property {import('./programs.mjs').Programs} programs
 * @property {AbortSignal} stop
 * @property {AbortSignal} hurry
 */

/**
 * Runs the whole system until `stop` is aborted. However it ends, it leaves no process behind.
 *
 * @param {SystemOptions} options
 */
export async function runSystem({ root, env, dev, programs, stop, hurry }) {
  const settings = readSettings(env, root);
  const over = new AbortController();
  /** @type {(() => unknown)[]} */
  const undo = [];
  try {
    const run = await RunFile.claim(settings.dataDir);
    undo.push(() => run.release());
    /** @param {string} name @param {number} pid */
    const onSpawn = (name, pid) => run.record(name, pid);
    await assertPortIsFree(settings.host, settings.port);
    await prepare({ root, stop, page: !dev, onSpawn: (pid) => onSpawn('preparation', pid) });

    const postgres = settings.databaseUrl ? null : await makePostgres(settings.dataDir);
    if (postgres) {
      undo.push(() => postgres.stop(hurry));
      await postgres.start(stop);
    }
    const databaseUrl = postgres?.applicationUrl ?? String(settings.databaseUrl);
    const environment = serviceEnvironment(env, settings, databaseUrl);
    const migrationUrl = postgres?.url();
    if (migrationUrl)
      await fillDatabase(programs, environment, migrationUrl, { cwd: root, stop, onSpawn });

    say('Starting the API and the worker …');
    const make = dev ? developmentServices : productionServices;
    const services = await make({ programs, settings, environment, onSpawn });
    undo.push(() => Promise.all(services.all.map((service) => service.stop(hurry))));
    const ending = AbortSignal.any([stop, over.signal]);
    for (const service of services.all) service.spawn();
    await Promise.all(services.all.map((service) => service.becomesReady(ending)));
    run.announce(settings.url);
    say(banner(settings, environment, postgres));

    const watched = [services.watch(over.signal)];
    if (postgres) watched.push(keepRunning(serverOf(postgres), over.signal));
    if (!stop.aborted) await Promise.race([once(stop, 'abort'), ...watched]);
  } finally {
    over.abort();
    for (const step of undo.reverse()) {
      try {
        await step();
      } catch (error) {
        complain(describe(error));
      }
    }
  }
}

/** @param {string} dataDir */
async function makePostgres(dataDir) {
  say('Starting PostgreSQL …');
  const postgres = await EmbeddedPostgres.create({ dataDir });
  if (postgres.isOutside) {
    say(`  PostgreSQL does not run as root, and its user cannot enter ${dataDir}:`);
    say(`  its files are in ${postgres.home}.`);
  }
  return postgres;
}

/**
 * @param {EmbeddedPostgres} postgres
 * @returns {import('./keep-running.mjs').Restartable}
 */
function serverOf(postgres) {
  return {
    name: 'PostgreSQL server',
    get exited() {
      return postgres.exited;
    },
    spawn: () => postgres.start(),
  };
}

/**
 * @param {import('./programs.mjs').Programs} programs
 * @param {NodeJS.ProcessEnv} env
 * @param {string} migrationUrl
 * @param {{ cwd: string, stop: AbortSignal, onSpawn: (name: string, pid: number) => void }} options
 */
async function fillDatabase({ migrate, seed }, env, migrationUrl, { cwd, stop, onSpawn }) {
  say('Migrating the database, adding demo data …');
  const steps = { 'The migration': migrate, 'The demo data': seed };
  for (const [name, program] of Object.entries(steps)) {
    /** @param {number} pid */
    const record = (pid) => onSpawn(name, pid);
    const own = program === migrate ? { ...env, DATABASE_MIGRATION_URL: migrationUrl } : env;
    const options = { cwd, env: own, stop, onSpawn: record };
    await runQuietly(name, process.execPath, [program], options);
  }
}

/**
 * @param {import('./settings.mjs').Settings} settings
 * @param {NodeJS.ProcessEnv} environment
 * @param {EmbeddedPostgres | null} postgres
 */
function banner({ root, dataDir, url }, environment, postgres) {
  const rows = [
    ['Page', url],
    ['API docs', `${url}/api/docs`],
  ];
  const publicUrl = String(environment['PUBLIC_URL']);
  if (publicUrl !== url) rows.push(['Public URL', publicUrl]);
  if (environment['MODEX_DEMO']) {
    rows.push(['Organiser', 'admin@modex.test  /  modex-admin-demo']);
    rows.push(['Customer', 'ada@modex.test  /  modex-customer-demo']);
  }
  if (postgres) rows.push(['Data', relativeTo(root, postgres.home)]);
  rows.push(['Logs', relativeTo(root, `${dataDir}/logs`)]);
  const lines = rows.map(([name, value]) => `    ${name?.padEnd(10)} ${value}`);
  return ['', '  Modex Booking is ready.', '', ...lines, '', '  Ctrl-C stops it.', ''].join('\n');
}

/**
 * @param {string} root
 * @param {string} path
 */
function relativeTo(root, path) {
  const short = relative(root, path);
  return short.startsWith('..') ? path : short;
}
