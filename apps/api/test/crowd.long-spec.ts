import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/eventually.js';
import { Installation, type ApiProcess } from '../../../test/installation.js';
import { metric } from '../../../test/metric.js';
import { describeWhere } from '../../../test/optional.js';
import { Broadcaster } from './support/broadcaster.js';
import { HandshakeRefused, MinimalSocket } from './support/minimal-socket.js';
import { requestTimes } from './support/request-times.js';

const CROWD = 2_000;
const PER_SECOND = 500;
/** With so many sockets there is this between two deliveries. */
const INTERVAL_MS = 150;
const MEGABYTE = 1_000_000;

/** How many connections may wait for a program at most; null elsewhere. */
function backlogOfLinux(): number | null {
  const path = '/proc/sys/net/core/somaxconn';
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : null;
}

describe('a crowd of sockets', () => {
  let installation: Installation;
  let broadcaster: Broadcaster;
  beforeAll(async () => {
    installation = await Installation.create();
    broadcaster = new Broadcaster(installation);
  });
  afterAll(async () => {
    await broadcaster.close();
    await installation.stop();
  });

  /** Broadcasts every 100 ms, each time with a higher version. */
  const broadcastFor = async (ms: number, ids: string[]): Promise<number> => {
    const until = performance.now() + ms;
    let version = 0;
    while (performance.now() < until) {
      broadcaster.broadcast(ids, ++version);
      await sleep(100);
    }
    return version;
  };

  describe('that comes at once', () => {
    const showId = randomUUID();
    let api: ApiProcess;
    let crowd: MinimalSocket[];
    let tookMs: number;
    let requestsMs: number[];
    beforeAll(async () => {
      api = await installation.startApi({
        SOCKETS_PER_SECOND: String(PER_SECOND),
        SOCKETS_PER_ADDRESS: String(CROWD),
      });
      const requests = requestTimes(`${api.url}/api/v1/shows`, 100);
      const started = performance.now();
      crowd = await Promise.all(
        Array.from({ length: CROWD }, () => MinimalSocket.connect(api.url, { watch: [showId] })),
      );
      tookMs = performance.now() - started;
      requestsMs = await requests;
    }, 60_000);
    afterAll(() => Promise.all(crowd.map((socket) => socket.close())));

    it('gets in, all of it, at the rate that was set', async () => {
      expect(tookMs).toBeGreaterThan((0.9 * 1_000 * CROWD) / PER_SECOND);
      expect(tookMs).toBeLessThan((3 * 1_000 * CROWD) / PER_SECOND);
      expect(await metric(api, 'modex_sockets')).toBe(CROWD);
    });

    it('leaves requests quick meanwhile', () => {
      const [median] = requestsMs.sort((a, b) => a - b).slice(requestsMs.length / 2);
      expect(median).toBeLessThan(50);
    });

    it('gets broadcasts at a longer interval, with the newest counters', async () => {
      const version = await broadcastFor(3_000, [showId]);
      await eventually(() => {
        for (const socket of crowd) expect(socket.version).toBe(version);
      });
      const most = 3_000 / INTERVAL_MS + 2;
      for (const { packets } of crowd) {
        expect(packets).toBeGreaterThan(3);
        expect(packets).toBeLessThanOrEqual(most);
      }
      expect(await metric(api, 'modex_broadcast_lag_seconds_count')).toBeGreaterThan(3);
    });
  });

  describe('that exceeds the accept queue', () => {
    let api: ApiProcess;
    const open: MinimalSocket[] = [];
    beforeAll(async () => {
      api = await installation.startApi({ SOCKETS_PER_SECOND: '10' });
    });
    afterEach(() => Promise.all(open.splice(0).map((socket) => socket.close())));

    it('is refused at once where the accept queue is full', async () => {
      const started = performance.now();
      const refusals: { error: unknown; afterMs: number }[] = [];
      await Promise.all(
        Array.from({ length: 80 }, () =>
          MinimalSocket.connect(api.url).then(
            (socket) => open.push(socket),
            (error: unknown) => refusals.push({ error, afterMs: performance.now() - started }),
          ),
        ),
      );
      expect(performance.now() - started).toBeGreaterThan(4_500);
      expect(open.length).toBeGreaterThanOrEqual(50);
      expect(refusals.length).toBeGreaterThanOrEqual(20);
      for (const { error, afterMs } of refusals) {
        expect(error).toEqual(new HandshakeRefused(503, 'OVERLOADED'));
        expect(afterMs).toBeLessThan(2_000);
      }
    });

    it('may disconnect while queued without effect on others', async () => {
      const { host, hostname, port } = new URL(api.url);
      const handshake = [
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
        `Host: ${host}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        '',
        '',
      ].join('\r\n');
      for (let i = 0; i < 20; i++) {
        const socket = connect(Number(port), hostname, () => {
          socket.write(handshake, () => setTimeout(() => socket.resetAndDestroy(), 200));
        });
        socket.on('error', () => {});
      }
      open.push(await MinimalSocket.connect(api.url));
      await eventually(async () => expect(await metric(api, 'modex_sockets')).toBe(1));
    });
  });

  // What Linux lets a program ask for; others are content with less.
  describeWhere('that meets a busy API', backlogOfLinux(), 'a short queue here', (backlog) => {
    it('waits in the listen queue, and no connection is refused', async () => {
      const { process, url } = await installation.startApi();
      const { hostname, port } = new URL(url);
      let connected = 0;
      process.freeze();
      const sockets = Array.from({ length: Math.min(CROWD, backlog) }, () =>
        connect(Number(port), hostname, () => (connected += 1)),
      );
      try {
        // Whoever finds no place in the queue finds none while the process accepts nobody.
        await eventually(() => expect(connected).toBe(sockets.length));
      } finally {
        process.thaw();
        for (const socket of sockets) socket.destroy();
      }
    });
  });

  it('evicts slow consumers without using memory for them, and delivers everything to the others', async () => {
    const api = await installation.startApi();
    const reader = await MinimalSocket.connect(api.url);
    const slow = await Promise.all(
      Array.from({ length: 10 }, () => MinimalSocket.connect(api.url)),
    );
    for (const socket of slow) socket.stopReading();
    // About a megabyte each time.
    const ids = Array.from({ length: 5_000 }, () => randomUUID());
    await broadcastFor(1_000, ids);
    const before = await metric(api, 'process_resident_memory_bytes');
    const version = await broadcastFor(10_000, ids);
    const grown = (await metric(api, 'process_resident_memory_bytes')) - before;
    await eventually(() => expect(reader.version).toBe(version));
    expect(reader.isClosed).toBe(false);
    expect(reader.received).toBeGreaterThan(20 * MEGABYTE);
    expect(await metric(api, 'modex_slow_consumers_evicted_total')).toBe(slow.length);
    expect(await metric(api, 'modex_sockets')).toBe(1);
    for (const socket of slow) await socket.close();
    await reader.close();
    expect(grown).toBeLessThan(70 * MEGABYTE);
  }, 60_000);
});
