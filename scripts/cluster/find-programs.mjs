import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The programs that a cluster is made of, each with its path.
 *
 * @typedef {object} ClusterPrograms
 * @property {string} postgres the folder with PostgreSQL's
 * @property {string} pgbouncer
 * @property {string} redis
 * @property {string} rabbitmq
 * @property {string} epmd Erlang's name server, without which RabbitMQ starts one that stays
 * @property {string} nginx
 */

const DEBIAN_POSTGRES = '/usr/lib/postgresql';
const OLDEST_POSTGRES = 15;
const OF_POSTGRES = ['initdb', 'postgres', 'pg_basebackup', 'pg_ctl', 'pg_isready', 'psql'];

/** Where Debian keeps programs that are not on everybody's PATH. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];
/** Debian's own on PATH changes to a user of its own, whose folders are not ours. */
const DEBIAN_RABBITMQ = '/usr/lib/rabbitmq/bin';

/**
 * Looks for everything that a cluster is made of.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ programs: ClusterPrograms, missing: null } | { programs: null, missing: string }}
 *   the programs, or a sentence that says which are missing and what to install
 */
export function findPrograms(env) {
  const found = {
    postgres: findPostgres(env),
    pgbouncer: findPgBouncer(env),
    redis: findRedis(env),
    ...findRabbit(env),
    nginx: findIn(foldersOf(env), 'nginx'),
  };
  const { postgres, pgbouncer, redis, rabbitmq, epmd, nginx } = found;
  if (postgres && pgbouncer && redis && rabbitmq && epmd && nginx) {
    return { programs: { postgres, pgbouncer, redis, rabbitmq, epmd, nginx }, missing: null };
  }
  const names = /** @type {(keyof ClusterPrograms)[]} */ (Object.keys(found)).filter(
    (name) => !found[name],
  );
  const packages = new Set(names.map((name) => PACKAGES[name]));
  return {
    programs: null,
    missing:
      `The cluster is made of programs that are missing here: ${names.map((name) => TITLES[name]).join(', ')} ` +
      `(Debian: apt-get install ${[...packages].join(' ')}).`,
  };
}

/**
 * The folder with PostgreSQL's programs.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function findPostgres(env) {
  return [...debianPostgres(), ...foldersOf(env)].find((folder) =>
    OF_POSTGRES.every((name) => existsSync(join(folder, name))),
  );
}

/** @param {NodeJS.ProcessEnv} env */
export function findPgBouncer(env) {
  return findIn(foldersOf(env), 'pgbouncer');
}

/** @param {NodeJS.ProcessEnv} env */
export function findRedis(env) {
  return findIn(foldersOf(env), 'redis-server');
}

/**
 * RabbitMQ's own programs, as far as they are here.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function findRabbit(env) {
  const onPath = foldersOf(env);
  return {
    rabbitmq: findIn([DEBIAN_RABBITMQ, ...onPath], 'rabbitmq-server'),
    epmd: findIn(onPath, 'epmd'),
  };
}

/** @param {NodeJS.ProcessEnv} env */
function foldersOf(env) {
  return [...(env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
}

/**
 * @param {string[]} folders
 * @param {string} name
 */
function findIn(folders, name) {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** @type {Record<keyof ClusterPrograms, string>} */
const TITLES = {
  postgres: `PostgreSQL ${OLDEST_POSTGRES} or newer`,
  pgbouncer: 'PgBouncer',
  redis: 'Redis',
  rabbitmq: 'RabbitMQ',
  epmd: 'epmd of Erlang',
  nginx: 'nginx',
};

/** @type {Record<keyof ClusterPrograms, string>} */
const PACKAGES = {
  postgres: 'postgresql',
  pgbouncer: 'pgbouncer',
  redis: 'redis-server',
  rabbitmq: 'rabbitmq-server',
  epmd: 'rabbitmq-server',
  nginx: 'nginx-light',
};

/** Debian's folders, the newest first. */
function debianPostgres() {
  const majors = existsSync(DEBIAN_POSTGRES) ? readdirSync(DEBIAN_POSTGRES).map(Number) : [];
  return majors
    .filter((major) => major >= OLDEST_POSTGRES)
    .sort((a, b) => b - a)
    .map((major) => join(DEBIAN_POSTGRES, String(major), 'bin'));
}
