import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { killWhenSilent } from '../launcher/liveness.mjs';
import { eventually } from '../../test/eventually.js';

const LIMITS = { answerMs: 100, mostSilent: 3 };

describe('whoever watches over a process', () => {
  let server: Server;
  let isSilent: boolean;
  let over: AbortController;
  let watching: Promise<void>;
  const watched = { name: 'API', liveUrl: null as string | null, kills: 0, kill: () => {} };
  beforeEach(async () => {
    isSilent = false;
    server = createServer((_request, response) => {
      if (!isSilent) response.writeHead(503).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    watched.liveUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health/live`;
    watched.kills = 0;
    watched.kill = () => (watched.kills += 1);
    over = new AbortController();
    watching = killWhenSilent(watched, over.signal, LIMITS);
  });
  afterEach(async () => {
    over.abort();
    await watching;
    server.closeAllConnections();
    server.close();
  });

  it('kills it when it takes connections and says nothing', async () => {
    isSilent = true;
    const since = performance.now();
    await eventually(() => expect(watched.kills).toBe(1));
    expect(performance.now() - since).toBeGreaterThan(2 * LIMITS.answerMs);
  });

  it('lets it live while it answers anything', async () => {
    await sleep(10 * LIMITS.answerMs);
    expect(watched.kills).toBe(0);
  });

  it('lets it live after a moment of silence', async () => {
    for (let n = 0; n < 4; n++) {
      isSilent = true;
      await sleep(1.5 * LIMITS.answerMs);
      isSilent = false;
      await sleep(2.5 * LIMITS.answerMs);
    }
    expect(watched.kills).toBe(0);
  });

  it('lets it live while it starts, whether it refuses connections or is not known yet', async () => {
    server.close();
    await sleep(10 * LIMITS.answerMs);
    watched.liveUrl = null;
    await sleep(5 * LIMITS.answerMs);
    expect(watched.kills).toBe(0);
  });
});
