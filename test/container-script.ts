import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { recordGroup } from '../scripts/launcher/group-record.mjs';
import type { ServerUser } from '../scripts/launcher/server-user.mjs';

/** A script of `deploy/` that a container begins with, run here with the programs of this machine. */
export class ContainerScript {
  output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;

  constructor(
    script: string,
    args: string[],
    options: { env: NodeJS.ProcessEnv; cwd: string; user?: ServerUser; programs?: string },
  ) {
    const { env, cwd, user = {}, programs } = options;
    const path = [programs, process.env['PATH'], '/usr/sbin'].filter(Boolean).join(':');
    const child = spawn('sh', [resolve(import.meta.dirname, '..', script), ...args], {
      ...user,
      cwd,
      env: { PATH: path, LC_ALL: 'C', TZ: 'UTC', ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    recordGroup(child.pid);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => (this.output += text.toString()));
    }
    this.ended = new Promise((resolve) => child.once('close', resolve));
    this.child = child;
  }

  /** Resolves to its exit code when it has ended by itself. */
  end(): Promise<number | null> {
    return this.ended;
  }

  /** Ends it and waits until it is gone. */
  async stop(signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.ended;
  }
}
