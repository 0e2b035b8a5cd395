import { join } from 'node:path';
import { run } from '../launcher/command.mjs';
import { isReady, ROLE, DATABASE } from './postgres.mjs';
import { Program } from './program.mjs';

/** From this version on it keeps prepared statements apart by itself. */
const PREPARES_SINCE = [1, 21];

/**
 * @typedef {object} PgBouncerOptions
 * @property {import('./find-programs.mjs').ClusterPrograms} programs
 * @property {import('./place.mjs').Place} place
 * @property {number} port
 * @property {number} serverPort PostgreSQL's
 * @property {string} password
 * @property {(name: string, pid: number) => void} [onSpawn]
 */

/** The pooler in front of PostgreSQL, in transaction mode. */
export class PgBouncer extends Program {
  #options;

  /** @param {PgBouncerOptions} options */
  static async create(options) {
    const { code, output } = await run(options.programs.pgbouncer, ['--version'], { cwd: '/' });
    const [, major, minor] = /(\d+)\.(\d+)/.exec(code === 0 ? output : '') ?? [];
    const [firstMajor, firstMinor] = PREPARES_SINCE;
    const prepares =
      Number(major) > Number(firstMajor) ||
      (Number(major) === firstMajor && Number(minor) >= Number(firstMinor));
    return new PgBouncer(options, prepares);
  }

  /**
   * @param {PgBouncerOptions} options
   * @param {boolean} prepares
   */
  constructor(options, prepares) {
    const { programs, place, port, onSpawn } = options;
    const settings = place.writeFile('pgbouncer.ini', '');
    super({
      name: 'PgBouncer',
      file: programs.pgbouncer,
      args: [settings],
      cwd: place.folder,
      user: place.user,
      logPath: join(place.logs, 'pgbouncer.log'),
      isReady: () => isReady(programs.postgres, port),
      // "Fast": what runs in transactions is cut off.
      stopSignal: 'SIGTERM',
      onSpawn,
    });
    this.#options = options;
    this.prepares = prepares;
    place.writeFile('userlist.txt', `"${ROLE}" "${options.password}"\n`);
    this.pointTo(options.serverPort);
  }

  get url() {
    const { password, port } = this.#options;
    return `postgres://${ROLE}:${password}@127.0.0.1:${port}/${DATABASE}`;
  }

  /**
   * Names the server in its settings, which it reads when it is started or told to (SIGHUP).
   *
   * @param {number} serverPort
   */
  pointTo(serverPort) {
    const { place, port } = this.#options;
    place.writeFile(
      'pgbouncer.ini',
      [
        '[databases]',
        `${DATABASE} = host=127.0.0.1 port=${serverPort}`,
        '[pgbouncer]',
        'listen_addr = 127.0.0.1',
        `listen_port = ${port}`,
        'unix_socket_dir =',
        'auth_type = scram-sha-256',
        `auth_file = ${join(place.folder, 'userlist.txt')}`,
        `admin_users = ${ROLE}`,
        'pool_mode = transaction',
        'max_client_conn = 1000',
        'default_pool_size = 40',
        'server_login_retry = 1',
        'query_wait_timeout = 0.5',
        ...(this.prepares ? ['max_prepared_statements = 100'] : []),
        '',
      ].join('\n'),
    );
  }
}
