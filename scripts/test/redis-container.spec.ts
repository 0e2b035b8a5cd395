import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createClient } from '@redis/client';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContainerScript } from '../../test/container-script.js';
import { eventually } from '../../test/eventually.js';
import { describeWith } from '../../test/optional.js';
import { findRedisServer, REDIS_MISSING } from '../../test/redis-server.js';
import { freePort } from '../launcher/ports.mjs';

describeWith('the container of Redis', findRedisServer(), REDIS_MISSING, () => {
  let folder: string;
  let redis: ContainerScript | null = null;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modex-redis-'));
  });

  afterEach(async () => {
    await redis?.stop();
    redis = null;
    rmSync(folder, { recursive: true });
  });

  function start(env: NodeJS.ProcessEnv, args: string[] = []): ContainerScript {
    redis = new ContainerScript('deploy/redis/start.sh', args, { env, cwd: folder });
    return redis;
  }

  it('lets in who knows the password, and keeps no more than it has room for', async () => {
    const port = String(await freePort());
    const server = start({ REDISCLI_AUTH: 'opensesame' }, ['--port', port]);
    const connect = async (password?: string) => {
      const socket = { host: '127.0.0.1', port: Number(port), reconnectStrategy: false as const };
      const client = createClient({ password, socket });
      client.on('error', () => {});
      return client.connect();
    };
    const friend = await eventually(() => connect('opensesame').then((client) => client.destroy()))
      .then(() => connect('opensesame'))
      .catch((error: Error) => {
        throw new Error(`${error.message}: ${server.output}`);
      });
    expect(await friend.configGet('maxmemory-policy')).toEqual({
      'maxmemory-policy': 'allkeys-lru',
    });
    expect(await friend.configGet('save')).toEqual({ save: '' });
    friend.destroy();
    const stranger = await connect().catch((error: Error) => error);
    const answer = stranger instanceof Error ? stranger : await stranger.ping().catch(String);
    expect(String(answer)).toContain('NOAUTH');
    if (!(stranger instanceof Error)) stranger.destroy();
  });

  it('says which variable is missing', async () => {
    expect(await start({}).end()).not.toBe(0);
    expect(redis!.output).toMatch(/REDISCLI_AUTH: is missing: put REDIS_PASSWORD into \.env\n$/);
  });
});
