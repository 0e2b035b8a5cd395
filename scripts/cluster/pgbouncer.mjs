import { join } from 'node:path';
import { APPLICATION_ROLE, DATABASE, isReady, ROLE } from './postgres.mjs';
import { Program } from './program.mjs';

/**
 * @typedef {object} PgBouncerOptions
 * @property {string} root the repository's folder
 * @property {Pick<import('./find-programs.mjs').ClusterPrograms, 'postgres' | 'pgbouncer'>} programs
 * @property {import('./place.mjs').Place} place
 * @property {number} port
 * @property {number} serverPort PostgreSQL's
 * @property {string} password
 * @property {string} applicationPassword
 * @property {(name: string, pid: number) => void} [onSpawn]
 */

/**
 * The pooler in front of PostgreSQL, in transaction mode, with the containers' own settings: only
 * addresses and the password are written anew.
 */
export class PgBouncer extends Program {
  #options;

  /** @param {PgBouncerOptions} options */
  static create(options) {
    const { root, place, port, password, applicationPassword } = options;
    place.copyFolder(join(root, 'deploy', 'pgbouncer'), 'pgbouncer');
    place.writeFile('pgbouncer/listen.ini', `listen_addr = 127.0.0.1\nlisten_port = ${port}\n`);
    const users = { [ROLE]: password, [APPLICATION_ROLE]: applicationPassword };
    const lines = Object.entries(users).map(([name, secret]) => `"${name}" "${secret}"\n`);
    place.writeFile('pgbouncer/userlist.txt', lines.join(''));
    const pgbouncer = new PgBouncer(options);
    pgbouncer.pointTo(options.serverPort);
    return pgbouncer;
  }

  /** @param {PgBouncerOptions} options */
  constructor(options) {
    const { programs, place, port, onSpawn } = options;
    super({
      name: 'PgBouncer',
      file: programs.pgbouncer,
      args: ['pgbouncer.ini'],
      cwd: join(place.folder, 'pgbouncer'),
      user: place.user,
      logPath: join(place.logs, 'pgbouncer.log'),
      isReady: () => isReady(programs.postgres, port),
      onSpawn,
    });
    this.#options = options;
  }

  get url() {
    const { applicationPassword, port } = this.#options;
    return `postgres://${APPLICATION_ROLE}:${applicationPassword}@127.0.0.1:${port}/${DATABASE}`;
  }

  /**
   * Names the server behind it; a running one goes over to it.
   *
   * @param {number} serverPort
   */
  pointTo(serverPort) {
    this.#options.place.writeFile(
      'pgbouncer/databases.ini',
      `${DATABASE} = host=127.0.0.1 port=${serverPort} dbname=${DATABASE}\n`,
    );
    this.signal('SIGHUP');
  }
}
