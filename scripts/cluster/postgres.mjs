import { join } from 'node:path';
import { runQuietly } from '../launcher/command.mjs';
import { serverEnvironment } from '../launcher/server-user.mjs';
import { Program } from './program.mjs';

/** The superuser who owns the database, and the role that API and worker use. */
export const ROLE = 'modex';
export const APPLICATION_ROLE = 'modex_app';
export const DATABASE = 'modex';

/** What is thrown away in the end need not survive a power cut. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 400,
  fsync: 'off',
  shared_buffers: '128MB',
  // Long enough for a replica to go on at the position where it was stopped.
  wal_keep_size: '512MB',
  wal_retrieve_retry_interval: '200ms',
};

/**
 * @typedef {object} PostgresOptions
 * @property {string} name
 * @property {string} programs the folder with PostgreSQL's
 * @property {import('./place.mjs').Place} place
 * @property {string} passwordFile
 * @property {string} password
 * @property {string} applicationPassword
 * @property {number} port
 * @property {(name: string, pid: number) => void} [onSpawn]
 */

/** A PostgreSQL server on 127.0.0.1. */
export class PostgresServer extends Program {
  #options;
  #data;

  /** @param {PostgresOptions} options */
  constructor(options) {
    const { name, programs, place, port, onSpawn } = options;
    const data = join(place.folder, name.replaceAll(' ', '-'));
    const settings = Object.entries({ ...SETTINGS, port });
    super({
      name,
      file: join(programs, 'postgres'),
      args: ['-D', data, ...settings.flatMap(([key, value]) => ['-c', `${key}=${value}`])],
      cwd: place.folder,
      env: serverEnvironment(),
      user: place.user,
      logPath: join(place.logs, `${name.replaceAll(' ', '-')}.log`),
      isReady: () => isReady(programs, port),
      // "Fast": ends sessions and waits for none of them.
      stopSignal: 'SIGINT',
      onSpawn,
    });
    this.#options = options;
    this.#data = data;
  }

  get port() {
    return this.#options.port;
  }

  get url() {
    return `postgres://${ROLE}:${this.#options.password}@127.0.0.1:${this.port}/${DATABASE}`;
  }

  get applicationUrl() {
    const { applicationPassword } = this.#options;
    return `postgres://${APPLICATION_ROLE}:${applicationPassword}@127.0.0.1:${this.port}/${DATABASE}`;
  }

  /**
   * Makes a new server's data.
   *
   * @param {AbortSignal} [stop]
   */
  initialise(stop) {
    const { passwordFile } = this.#options;
    const args = [
      ...['-D', this.#data, '-U', ROLE, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      ...['-E', 'UTF8', '--locale=C', '-N'],
    ];
    return this.#run('initdb', args, stop);
  }

  /** @param {AbortSignal} [stop] */
  createDatabase(stop) {
    const args = [
      ...['-h', '127.0.0.1', '-p', String(this.port), '-U', ROLE, '-d', 'postgres'],
      ...['-c', `CREATE DATABASE ${DATABASE}`],
    ];
    return this.#run('psql', args, stop);
  }

  /**
   * Becomes a replica of another server as that one is now.
   *
   * @param {PostgresServer} primary
   * @param {AbortSignal} [stop]
   */
  copy(primary, stop) {
    const source = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', ROLE];
    const args = [...source, '-D', this.#data, '-R', '-c', 'fast', '-N'];
    return this.#run('pg_basebackup', args, stop);
  }

  /** Makes a replica the primary; resolves when it takes writes. */
  promote() {
    return this.#run('pg_ctl', ['promote', '-D', this.#data, '-w']);
  }

  /**
   * @param {string} program
   * @param {string[]} args
   * @param {AbortSignal} [stop]
   */
  #run(program, args, stop) {
    const { programs, place, password } = this.#options;
    const env = { ...serverEnvironment(), PGPASSWORD: password };
    const options = { ...place.user, cwd: place.folder, env, stop };
    return runQuietly(program, join(programs, program), args, options);
  }
}

/**
 * Rejects until the server, or a pooler, takes connections.
 *
 * @param {string} programs
 * @param {number} port
 */
export async function isReady(programs, port) {
  const args = ['-q', '-h', '127.0.0.1', '-p', String(port), '-t', '2'];
  await runQuietly('pg_isready', join(programs, 'pg_isready'), args, { cwd: '/' });
}
