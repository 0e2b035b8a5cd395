import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Connection } from 'rabbitmq-client';
import { lastingPort } from '../scripts/launcher/ports.mjs';
import { eventually } from './eventually.js';

export const RABBITMQ_MISSING = 'there is neither AMQP_URL nor a rabbitmq-server on PATH';

/** The second is Debian's, which changes to a user of its own. */
const FOLDERS = ['/usr/lib/rabbitmq/bin', '/usr/sbin'];
const START_MS = 60_000;

/** Where to find the program, or null. */
export function findRabbitServer(): string | null {
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  const paths = [...FOLDERS, ...onPath].map((folder) => join(folder, 'rabbitmq-server'));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** A broker for a suite: the one that AMQP_URL names or one of its own; null where there is none. */
export function findBroker(): (() => Promise<Broker>) | null {
  const url = process.env['AMQP_URL'];
  if (url) return () => Promise.resolve({ url, destroy: () => Promise.resolve() });
  const program = findRabbitServer();
  return program === null ? null : () => RabbitServer.start(program);
}

export interface Broker {
  readonly url: string;
  destroy(): Promise<void>;
}

/** A name that no other suite on a broker has. */
export function newPrefix(): string {
  return `test-${randomBytes(4).toString('hex')}`;
}

/** A RabbitMQ of a test's own, which may be killed and started again with what it has stored. */
export class RabbitServer implements Broker {
  private server: ChildProcess | null = null;

  private constructor(
    private readonly program: string,
    private readonly port: number,
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly names: ChildProcess,
  ) {}

  /** With settings of the server in its own environment variables. */
  static async start(
    program: string,
    settings: Record<string, string> = {},
  ): Promise<RabbitServer> {
    const folder = mkdtempSync(join(tmpdir(), 'modex-rabbitmq-'));
    const home = join(folder, 'home');
    mkdirSync(home);
    writeFileSync(join(folder, 'enabled_plugins'), '[].\n');
    const port = await lastingPort();
    const namesPort = String(await lastingPort());
    const { PATH, LANG } = process.env;
    // Otherwise Erlang would start one that stays when its nodes have gone.
    const names = spawn('epmd', ['-address', '127.0.0.1', '-port', namesPort], { stdio: 'ignore' });
    const environment = {
      PATH,
      LANG,
      HOME: home,
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: namesPort,
      RABBITMQ_NODENAME: `modex-${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(await lastingPort()),
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
      RABBITMQ_PID_FILE: join(folder, 'pid'),
      RABBITMQ_CONFIG_FILE: join(folder, 'none'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      ...settings,
    };
    const server = new RabbitServer(program, port, folder, environment, names);
    try {
      await server.start();
    } catch (error) {
      await server.destroy();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `amqp://guest:guest@127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    // A group of its own, since the program is a script that has others under it.
    this.server = spawn(this.program, [], {
      env: this.environment,
      cwd: this.folder,
      stdio: 'ignore',
      detached: true,
    });
    await eventually(async () => {
      expectRunning(this.server!);
      const connection = new Connection({ url: this.url, retryLow: 60_000 });
      connection.on('error', () => {});
      try {
        await connection.onConnect(1_000, true);
      } finally {
        connection.unsafeDestroy();
      }
    }, START_MS);
  }

  /** With -9, as if the power were cut. */
  async kill(): Promise<void> {
    await killGroup(this.server);
    this.server = null;
  }

  async destroy(): Promise<void> {
    await this.kill();
    const gone = once(this.names, 'exit');
    if (this.names.exitCode === null && this.names.kill('SIGKILL')) await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function expectRunning(child: ChildProcess): void {
  if (child.exitCode !== null) throw new Error(`rabbitmq-server ended with ${child.exitCode}`);
}

async function killGroup(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  process.kill(-child.pid!, 'SIGKILL');
  await gone;
}
