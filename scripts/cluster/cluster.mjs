import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { runQuietly } from '../launcher/command.mjs';
import { keepRunning } from '../launcher/keep-running.mjs';
import { killWhenSilent } from '../launcher/liveness.mjs';
import { lastingPort } from '../launcher/ports.mjs';
import { builtPrograms } from '../launcher/programs.mjs';
import { nginxProgram } from './nginx.mjs';
import { ApiProcess, WorkerProcess } from './node-processes.mjs';
import { PgBouncer } from './pgbouncer.mjs';
import { Place } from './place.mjs';
import { PostgresServer } from './postgres.mjs';
import { rabbitPrograms } from './rabbitmq.mjs';
import { redisProgram } from './redis.mjs';
import { together } from './together.mjs';
import { answersOk } from './answers.mjs';

const INSTANCES = [1, 2];

/**
 * @typedef {object} ClusterOptions
 * @property {string} root the repository's folder, with everything built
 * @property {import('./find-programs.mjs').ClusterPrograms} programs
 * @property {NodeJS.ProcessEnv} [environment] variables of API and worker beside the cluster's own
 * @property {boolean} [demo] whether there are shows and accounts to try out
 * @property {AbortSignal} [stop] ends the start before its time
 * @property {AbortSignal} [hurry]
 * @property {(step: string) => void} [onStep] is told what it is about to do
 * @property {(name: string, pid: number) => void} [onSpawn]
 */

/**
 * The whole installation as it runs on many machines, on this one: PostgreSQL with a streaming
 * replica, PgBouncer, Redis, RabbitMQ, nginx, two API and two worker processes, all on 127.0.0.1.
 */
export class Cluster {
  /** In the order of their start. @type {import('./program.mjs').Program[]} */
  all = [];
  /** @type {ApiProcess[]} */
  apis = [];
  /** @type {WorkerProcess[]} */
  workers = [];

  /**
   * Starts everything; resolves when nginx says that an API instance is ready.
   *
   * @param {ClusterOptions} options
   */
  static async start(options) {
    const place = await Place.create();
    const cluster = await Cluster.#plan(options, place).catch((error) => {
      place.remove();
      throw error;
    });
    try {
      await cluster.#start();
      return cluster;
    } catch (error) {
      await cluster.stop(options.hurry);
      throw error;
    }
  }

  /**
   * @param {ClusterOptions} options
   * @param {Place} place
   */
  static async #plan(options, place) {
    const password = randomBytes(16).toString('hex');
    const applicationPassword = randomBytes(16).toString('hex');
    const postgres = {
      programs: options.programs.postgres,
      place,
      password,
      applicationPassword,
      passwordFile: place.writeFile('password', password),
      onSpawn: options.onSpawn,
    };
    const primary = new PostgresServer({
      ...postgres,
      name: 'PostgreSQL primary',
      port: await lastingPort(),
    });
    const replica = new PostgresServer({
      ...postgres,
      name: 'PostgreSQL replica',
      port: await lastingPort(),
    });
    const { root, programs, onSpawn } = options;
    const common = { root, programs, place, onSpawn };
    const pgbouncer = PgBouncer.create({
      ...common,
      port: await lastingPort(),
      serverPort: primary.port,
      password,
      applicationPassword,
    });
    const redisPort = await lastingPort();
    const redis = redisProgram({ ...common, port: redisPort });
    const rabbitPort = await lastingPort();
    const { names, rabbitmq } = await rabbitPrograms({ ...common, port: rabbitPort });
    const servers = { primary, replica, pgbouncer, redis, names, rabbitmq };
    return new Cluster(options, place, servers, {
      port: await lastingPort(),
      redisUrl: `redis://127.0.0.1:${redisPort}`,
      amqpUrl: `amqp://guest:guest@127.0.0.1:${rabbitPort}`,
      ports: await Promise.all(
        INSTANCES.map(async () => ({
          api: await lastingPort(),
          metrics: await lastingPort(),
          worker: await lastingPort(),
        })),
      ),
    });
  }

  #options;
  #place;
  #servers;

  /**
   * @param {ClusterOptions} options
   * @param {Place} place
   * @param {{ primary: PostgresServer, replica: PostgresServer, pgbouncer: PgBouncer, redis: import('./program.mjs').Program, names: import('./program.mjs').Program, rabbitmq: import('./program.mjs').Program }} servers
   * @param {{ port: number, redisUrl: string, amqpUrl: string, ports: { api: number, metrics: number, worker: number }[] }} addresses
   */
  constructor(options, place, servers, addresses) {
    this.#options = options;
    this.#place = place;
    this.#servers = servers;
    this.primary = servers.primary;
    this.replica = servers.replica;
    this.pgbouncer = servers.pgbouncer;
    this.redis = servers.redis;
    this.rabbitmq = servers.rabbitmq;
    this.redisUrl = addresses.redisUrl;
    this.amqpUrl = addresses.amqpUrl;
    /** Where nginx serves page and API. */
    this.url = `http://127.0.0.1:${addresses.port}`;
    const { root, environment, onSpawn, programs } = options;
    const node = {
      root,
      built: builtPrograms(root),
      place,
      env: { ...this.#environment(), ...environment },
      onSpawn,
    };
    for (const [i, { api, metrics, worker }] of addresses.ports.entries()) {
      const number = i + 1;
      this.apis.push(new ApiProcess({ ...node, number, port: api, metricsPort: metrics }));
      this.workers.push(new WorkerProcess({ ...node, number, port: worker }));
    }
    this.nginx = nginxProgram({
      root,
      programs,
      place,
      port: addresses.port,
      apiPorts: addresses.ports.map(({ api }) => api),
      onSpawn,
    });
    this.all = [
      ...[servers.names, servers.rabbitmq, servers.redis],
      ...[servers.primary, servers.replica, servers.pgbouncer],
      ...[...this.apis, ...this.workers, this.nginx],
    ];
  }

  /** Its logs, and the mail that its workers write. */
  get folder() {
    return this.#place.folder;
  }

  /**
   * Starts again whatever dies, and kills API and worker processes that stand still. Rejects when
   * that helps no more.
   *
   * @param {AbortSignal} over
   */
  async watch(over) {
    const nodes = [...this.apis, ...this.workers];
    await Promise.all([
      ...this.all.map((program) => keepRunning(program, over)),
      ...nodes.map((node) => killWhenSilent(node, over)),
    ]);
  }

  /**
   * Stops everything in order, what depends on others before those, and removes its files.
   *
   * @param {AbortSignal} [hurry]
   */
  async stop(hurry) {
    const { names, rabbitmq, redis, primary, replica, pgbouncer } = this.#servers;
    for (const programs of [
      [this.nginx],
      [...this.apis, ...this.workers],
      [pgbouncer, redis, rabbitmq, replica],
      [primary, names],
    ]) {
      await Promise.all(programs.map((program) => program.stop(hurry)));
    }
    this.#place.remove();
  }

  async #start() {
    const { stop, onStep = () => undefined } = this.#options;
    const { names, rabbitmq, redis } = this.#servers;
    onStep('PostgreSQL, Redis and RabbitMQ');
    await together(stop, (stop) => [
      names.start(stop).then(() => rabbitmq.start(stop)),
      redis.start(stop),
      this.#startDatabase(onStep, stop),
    ]);
    onStep('two API and two worker processes, and nginx');
    await together(stop, (stop) => [...this.apis, ...this.workers].map((each) => each.start(stop)));
    await this.nginx.start(stop);
    await answersOk(`${this.url}/health/ready`);
  }

  /**
   * @param {(step: string) => void} onStep
   * @param {AbortSignal} stop
   */
  async #startDatabase(onStep, stop) {
    const { demo, root } = this.#options;
    const { primary, replica, pgbouncer } = this.#servers;
    await primary.initialise(stop);
    await primary.start(stop);
    await primary.createDatabase(stop);
    onStep('the schema');
    const { migrate, seed } = builtPrograms(root);
    const env = this.#environment();
    // First the schema: it gives the role its time-outs, which a pooler's connections get at login.
    const own = { ...env, DATABASE_MIGRATION_URL: primary.url };
    await runQuietly('The migration', process.execPath, [migrate], { cwd: root, env: own, stop });
    if (demo) {
      await runQuietly('The demo data', process.execPath, [seed], { cwd: root, env, stop });
    }
    onStep('the replica and PgBouncer');
    await together(stop, (stop) => [
      replica.copy(primary, stop).then(() => replica.start(stop)),
      pgbouncer.start(stop),
    ]);
  }

  /** Nothing else of the shell's: its variables of API and worker are of another installation. */
  #environment() {
    const { primary, replica, pgbouncer } = this.#servers;
    const { PATH, HOME, LANG } = process.env;
    return {
      ...{ PATH, HOME, LANG },
      NODE_ENV: 'production',
      DATABASE_URL: pgbouncer.url,
      DATABASE_DIRECT_URL: primary.applicationUrl,
      DATABASE_REPLICA_URLS: replica.applicationUrl,
      REDIS_URL: this.redisUrl,
      AMQP_URL: this.amqpUrl,
      PUBLIC_URL: this.url,
      JWT_SECRET: this.#secret,
      TRUST_PROXY_HOPS: '1',
      SHUTDOWN_DELAY_SECONDS: '3',
      MAIL_DIR: join(this.#place.folder, 'mail'),
      // A few customers make all bookings.
      NOTIFICATIONS_PER_RECIPIENT_PER_HOUR: '0',
      NOTIFICATIONS_PER_ACCOUNT_PER_HOUR: '0',
    };
  }

  #secret = randomBytes(48).toString('base64url');
}
