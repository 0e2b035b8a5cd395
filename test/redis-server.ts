import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { findRedis } from '../scripts/cluster/find-programs.mjs';
import { lastingPort } from '../scripts/launcher/ports.mjs';
import { eventually } from './eventually.js';

export const REDIS_MISSING = 'there is no redis-server on PATH';

/** Null where there is none. */
export function findRedisServer(): string | null {
  return findRedis(process.env) ?? null;
}

/** A Redis of a test's own, which may be killed and started again. It keeps nothing. */
export class RedisServer {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly program: string,
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(program: string): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'modex-redis-'));
    const server = new RedisServer(program, await lastingPort(), folder);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const options = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.child = spawn(this.program, ['--port', String(this.port), ...options], {
      cwd: this.folder,
      stdio: 'ignore',
    });
    await eventually(async () => {
      const client = createClient({ url: this.url, socket: { reconnectStrategy: false } });
      client.on('error', () => {});
      await client.connect();
      client.destroy();
    }, 10_000);
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async destroy(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
