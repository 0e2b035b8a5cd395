import { join } from 'node:path';
import { lastingPort } from '../launcher/ports.mjs';
import { answers } from './answers.mjs';
import { Program } from './program.mjs';

/** The beginning of AMQP 0-9-1, and the type of the frame that answers it. */
const HELLO = 'AMQP\x00\x00\x09\x01';
const METHOD_FRAME = '\x01';

/**
 * @typedef {Pick<import('./find-programs.mjs').ClusterPrograms, 'rabbitmq' | 'epmd'>} RabbitPrograms
 */

/**
 * @typedef {object} RabbitOptions
 * @property {RabbitPrograms} programs
 * @property {import('./place.mjs').Place} place
 * @property {number} port
 * @property {NodeJS.ProcessEnv} [settings] of the server, in its own environment variables
 * @property {(name: string, pid: number) => void} [onSpawn]
 */

/**
 * A RabbitMQ with all its files in its own folder, and the name server without which Erlang would
 * start one that stays when its nodes have gone.
 *
 * @param {RabbitOptions} options
 */
export async function rabbitPrograms({ programs, place, port, settings, onSpawn }) {
  const folder = place.makeFolder('rabbitmq');
  const plugins = place.writeFile('rabbitmq/enabled_plugins', '[].\n');
  const namesPort = await lastingPort();
  const { PATH, LANG } = process.env;
  const common = { cwd: folder, user: place.user, onSpawn };
  const names = new Program({
    ...common,
    name: "Erlang's name server",
    file: programs.epmd,
    args: ['-address', '127.0.0.1', '-port', String(namesPort)],
    env: { PATH, LANG },
    logPath: join(place.logs, 'epmd.log'),
    isReady: () => answers(namesPort, ASK_FOR_NAMES, ''),
  });
  const rabbitmq = new Program({
    ...common,
    name: 'RabbitMQ',
    file: programs.rabbitmq,
    args: [],
    env: {
      PATH,
      LANG,
      HOME: place.makeFolder('rabbitmq', 'home'),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: String(namesPort),
      RABBITMQ_NODENAME: `modex-${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(await lastingPort()),
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_LOGS: '-',
      RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
      RABBITMQ_PID_FILE: join(folder, 'pid'),
      RABBITMQ_CONFIG_FILE: join(folder, 'none'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      ...settings,
    },
    logPath: join(place.logs, 'rabbitmq.log'),
    isReady: () => answers(port, HELLO, METHOD_FRAME),
  });
  return { names, rabbitmq };
}

/** epmd's request for all names: its length and its code. */
const ASK_FOR_NAMES = '\x00\x01n';
