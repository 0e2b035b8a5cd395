import { findRedis } from '../scripts/cluster/find-programs.mjs';
import { Place } from '../scripts/cluster/place.mjs';
import type { Program } from '../scripts/cluster/program.mjs';
import { redisProgram } from '../scripts/cluster/redis.mjs';
import { lastingPort } from '../scripts/launcher/ports.mjs';

export const REDIS_MISSING = 'there is no redis-server on PATH';

/** Null where there is none. */
export function findRedisServer(): string | null {
  return findRedis(process.env) ?? null;
}

/** A Redis of a test's own, which may be killed and started again. It keeps nothing. */
export class RedisServer {
  private constructor(
    readonly url: string,
    private readonly place: Place,
    private readonly redis: Program,
  ) {}

  static async start(program: string): Promise<RedisServer> {
    const place = await Place.create();
    const port = await lastingPort();
    const redis = redisProgram({ programs: { redis: program }, place, port });
    const server = new RedisServer(`redis://127.0.0.1:${port}`, place, redis);
    try {
      await server.start();
    } catch (error) {
      await server.destroy();
      throw error;
    }
    return server;
  }

  start(): Promise<void> {
    return this.redis.start();
  }

  kill(): Promise<void> {
    return this.redis.kill();
  }

  async destroy(): Promise<void> {
    await this.kill();
    this.place.remove();
  }
}
