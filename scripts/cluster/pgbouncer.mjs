import { join } from 'node:path';
import { run } from '../launcher/command.mjs';
import { DATABASE, isReady, ROLE } from './postgres.mjs';
import { Program } from './program.mjs';

/** The first version that keeps the prepared statements of its clients apart by itself. */
const PREPARES_SINCE = { major: 1, minor: 21 };

/**
 * @typedef {object} PgBouncerOptions
 * @property {string} root the repository's folder
 * @property {import('./find-programs.mjs').ClusterPrograms} programs
 * @property {import('./place.mjs').Place} place
 * @property {number} port
 * @property {number} serverPort PostgreSQL's
 * @property {string} password
 * @property {(name: string, pid: number) => void} [onSpawn]
 */

/**
 * The pooler in front of PostgreSQL, in transaction mode, with the containers' own settings: only
 * addresses and the password are written anew.
 */
export class PgBouncer extends Program {
  #options;

  /** @param {PgBouncerOptions} options */
  static async create(options) {
    const { root, programs, place, port, password } = options;
    place.copyFolder(join(root, 'deploy', 'pgbouncer'), 'pgbouncer');
    const listen = ['listen_addr = 127.0.0.1', `listen_port = ${port}`];
    // API and worker use none, so an older one serves them too; but whoever else comes may.
    if (await prepares(programs.pgbouncer)) listen.push('max_prepared_statements = 100');
    place.writeFile('pgbouncer/listen.ini', `${listen.join('\n')}\n`);
    place.writeFile('pgbouncer/userlist.txt', `"${ROLE}" "${password}"\n`);
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
    const { password, port } = this.#options;
    return `postgres://${ROLE}:${password}@127.0.0.1:${port}/${DATABASE}`;
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

/** @param {string} program */
async function prepares(program) {
  const { output } = await run(program, ['--version'], { cwd: '/' });
  const [, major, minor] = /(\d+)\.(\d+)/.exec(output) ?? [];
  return (
    Number(major) > PREPARES_SINCE.major ||
    (Number(major) === PREPARES_SINCE.major && Number(minor) >= PREPARES_SINCE.minor)
  );
}
