import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runQuietly } from './command.mjs';
import { recordGroup } from './group-record.mjs';
import { LogFile } from './log-file.mjs';
import { freePort } from './ports.mjs';
import { postgresPackage, runnablePrograms } from './postgres-binaries.mjs';
import { homeLink, postgresHome } from './postgres-home.mjs';
import { disownStaleLock, runningServer, stopServer } from './postmaster.mjs';
import { serverEnvironment, serverUser } from './server-user.mjs';
import { StartError } from './start-error.mjs';

const START_TIMEOUT_MS = 120_000;
/** The superuser who owns the database, and the role that API and worker use. */
const ROLE = 'modex';
const APPLICATION_ROLE = 'modex_app';

/** The file with its password. */
const APPLICATION_PASSWORD = 'application-password';

/**
 * @typedef {object} EmbeddedPostgresOptions
 * @property {string} dataDir the server's folder is made in it, and its log
 * @property {Record<string, string | number>} [settings] of the server, such as `{ fsync: 'off' }`
 */

/**
 * A PostgreSQL server of one's own: made at the first start, on 127.0.0.1 only, with a superuser
 * `modex` who owns the database `modex`, and the password of the role that API and worker use. It runs in a session of its own, so it outlives a Ctrl-C
 * and its starter, and must be stopped.
 */
export class EmbeddedPostgres {
  #link;
  #data;
  #programs;
  #user;
  #settings;
  #port = 0;
  /** @type {Promise<string>} */
  #exited = Promise.resolve('not started');

  /** @param {EmbeddedPostgresOptions} options */
  static async create({ dataDir, settings = {} }) {
    const postgres = await postgresPackage();
    const user = await serverUser(join(homeLink(dataDir), 'data'));
    const home = await postgresHome(dataDir, user);
    assertSameMajor(join(home, 'data'), postgres.major);
    const programs = await runnablePrograms(postgres, home, user);
    // What an earlier release made has none yet.
    if (!fs.existsSync(join(home, APPLICATION_PASSWORD))) {
      writePassword(join(home, APPLICATION_PASSWORD), user);
    }
    return new EmbeddedPostgres({ dataDir, home, programs, user, settings });
  }

  /**
   * @param {object} parts
   * @param {string} parts.dataDir
   * @param {string} parts.home
   * @param {string} parts.programs
   * @param {import('./server-user.mjs').ServerUser} parts.user
   * @param {Record<string, string | number>} parts.settings
   */
  constructor({ dataDir, home, programs, user, settings }) {
    /** Where the server's files are. */
    this.home = home;
    /** Whether that is not in the data folder, since the server's user cannot enter it. */
    this.isOutside = fs.lstatSync(homeLink(dataDir)).isSymbolicLink();
    this.#link = homeLink(dataDir);
    this.logPath = join(dataDir, 'logs', 'postgres.log');
    this.#data = join(home, 'data');
    this.#programs = programs;
    this.#user = user;
    this.#settings = settings;
  }

  /** Settles, with a word on how, when the server that this object started has ended. */
  get exited() {
    return this.#exited;
  }

  /** Uses the server that already runs on this data, if there is one. */
  attach() {
    const server = runningServer(this.#data);
    if (server?.ready) this.#port = server.port;
    return server?.ready === true;
  }

  /**
   * Starts the server on a free port, or after an earlier start on that one's; resolves when it
   * answers.
   *
   * @param {AbortSignal} [stop]
   */
  async start(stop) {
    if (!fs.existsSync(this.#data)) await this.#initialise(stop);
    await stopServer(this.#data);
    disownStaleLock(this.#data);
    for (let attempt = 1; ; attempt++) {
      this.#port ||= await freePort();
      const failure = await this.#startOnce(stop);
      if (!failure) return;
      if (!failure.includes('could not bind') || attempt === 3) {
        throw new StartError(`PostgreSQL did not start (its log: ${this.logPath}):\n${failure}`);
      }
      this.#port = 0;
    }
  }

  /**
   * As the owner, for migrations.
   *
   * @param {string} [database]
   */
  url(database = ROLE) {
    return this.#urlOf(ROLE, 'password', database);
  }

  /** As the role of API and worker, which the migrations make. */
  get applicationUrl() {
    return this.#urlOf(APPLICATION_ROLE, APPLICATION_PASSWORD, ROLE);
  }

  /**
   * @param {string} role
   * @param {string} passwordFile
   * @param {string} database
   */
  #urlOf(role, passwordFile, database) {
    const password = fs.readFileSync(join(this.home, passwordFile), 'utf8');
    return `postgresql://${role}:${password}@127.0.0.1:${this.#port}/${database}`;
  }

  /** @param {AbortSignal} [hurry] */
  async stop(hurry) {
    // A server that is only just starting has not written down its process id yet.
    let ended = false;
    void this.#exited.then(() => (ended = true));
    do {
      await stopServer(this.#data, hurry);
      await sleep(ended ? 0 : 20);
    } while (!ended);
  }

  /** Stops the server and removes its data. */
  async destroy() {
    await this.stop();
    for (const path of [this.home, this.#link]) fs.rmSync(path, { recursive: true, force: true });
  }

  /**
   * @param {AbortSignal} [stop]
   * @returns {Promise<string | null>} what the server said when it did not start
   */
  async #startOnce(stop) {
    const log = new LogFile(this.logPath);
    const logged = fs.fstatSync(log.fd).size;
    const settings = {
      // Without the values that a refused row has, such as e-mail addresses.
      log_error_verbosity: 'terse',
      ...this.#settings,
      listen_addresses: '127.0.0.1',
      port: this.#port,
      unix_socket_directories: '',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = spawn(this.#program('postgres'), ['-D', this.#data, ...args], {
      ...this.#asServerUser(),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    recordGroup(server.pid);
    log.close();
    let ended = false;
    this.#exited = new Promise((resolve) => {
      server.once('error', (error) => resolve(error.message));
      server.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    void this.#exited.then(() => (ended = true));
    // Whoever forgets to stop the server is at least not kept from ending by it.
    server.unref();
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!ended && !stop?.aborted && Date.now() < deadline) {
      const running = runningServer(this.#data);
      if (running?.pid === server.pid && running?.ready) return null;
      await sleep(20);
    }
    await this.stop();
    stop?.throwIfAborted();
    return fs.readFileSync(this.logPath).subarray(logged).toString().trim();
  }

  /** @param {AbortSignal} [stop] */
  async #initialise(stop) {
    const password = join(this.home, 'password');
    writePassword(password, this.#user);
    // Made under another name, so that what was interrupted is begun anew.
    for (const name of fs.readdirSync(this.home).filter((entry) => entry.startsWith('data.'))) {
      fs.rmSync(join(this.home, name), { recursive: true, force: true, maxRetries: 5 });
    }
    const part = `${this.#data}.${process.pid}`;
    const options = { ...this.#asServerUser(), stop };
    await runQuietly(
      'Making the database',
      this.#program('initdb'),
      [
        `--pgdata=${part}`,
        `--username=${ROLE}`,
        `--pwfile=${password}`,
        '--auth=scram-sha-256',
        // The builtin locale is the same on every system and knows all of Unicode's letters.
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(this.#settings['fsync'] === 'off' ? ['--no-sync'] : []),
      ],
      options,
    );
    // The server's single-user mode can do this before anybody may connect.
    const single = ['--single', '-D', part, 'postgres'];
    const input = `CREATE DATABASE ${ROLE}\n`;
    await runQuietly('Making the database', this.#program('postgres'), single, {
      ...options,
      input,
    });
    fs.renameSync(part, this.#data);
  }

  /** @param {string} name */
  #program(name) {
    return join(this.#programs, 'bin', name);
  }

  #asServerUser() {
    return { ...this.#user, cwd: this.home, env: serverEnvironment() };
  }
}

/**
 * @param {string} file
 * @param {import('./server-user.mjs').ServerUser} user
 */
function writePassword(file, { uid, gid }) {
  fs.writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (uid !== undefined && gid !== undefined) fs.chownSync(file, uid, gid);
}

/**
 * @param {string} data
 * @param {string} major
 */
function assertSameMajor(data, major) {
  const file = join(data, 'PG_VERSION');
  if (!fs.existsSync(file)) return;
  const written = fs.readFileSync(file, 'utf8').trim();
  if (written === major) return;
  throw new StartError(
    `The data in ${data} was written by PostgreSQL ${written} and this is PostgreSQL ${major}: move that folder away to begin anew, or move the data with PostgreSQL ${written}'s pg_dump.`,
  );
}
