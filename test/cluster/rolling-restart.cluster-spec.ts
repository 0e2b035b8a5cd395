import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createBuyers } from '../../apps/api/test/support/buyers.js';
import { eventually } from '../eventually.js';
import { everythingAgrees, expectNothingLost } from './agreement.js';
import { Customers } from './customers.js';
import { Page } from './page.js';
import { describeCluster, RunningCluster, START_MS } from './running-cluster.js';

const CUSTOMERS = 6;
const WATCHERS = 40;
/** The cluster's, as the containers' is. Milliseconds. */
const SHUTDOWN_DELAY_MS = 3_000;

describeCluster('a rolling restart of every API and worker under load', (programs) => {
  let cluster: RunningCluster;
  let customers: Customers;
  let pages: Page[] = [];
  const readiness: { name: string; statusAfter: number; servedAfter: number; tookMs: number }[] =
    [];
  const exits: string[] = [];
  beforeAll(async () => {
    cluster = await RunningCluster.start(programs, {
      HOLD_SECONDS: '5',
    });
    const admin = await cluster.client().registerAdmin();
    const shows = await Promise.all([1, 2, 3].map(() => admin.createShow({ totalSlots: 100_000 })));
    pages = Array.from({ length: WATCHERS }, () => new Page(cluster.url));
    await eventually(() => {
      for (const { socket } of pages) expect(socket.connected).toBe(true);
    });
    const tokens = await createBuyers(cluster, CUSTOMERS);
    customers = new Customers(
      cluster,
      shows.map(({ id }) => id),
      tokens,
    );
    await sleep(1_000);
    const { apis, workers } = cluster.parts;
    for (const part of [...apis, ...workers]) {
      const stopping = performance.now();
      const stopped = part.stop();
      if (apis.includes(part as (typeof apis)[number])) {
        // Not at once, since a signal takes a moment to arrive.
        await sleep(300);
        const ready = await fetch(`${part.url}/health/ready`).catch(() => null);
        const served = await fetch(`${part.url}/api/v1/shows`).catch(() => null);
        readiness.push({
          name: part.name,
          statusAfter: ready?.status ?? 0,
          servedAfter: served?.status ?? 0,
          tookMs: performance.now() - stopping,
        });
      }
      await stopped;
      exits.push(await part.exited);
      await part.start();
    }
    await sleep(1_000);
    await customers.stop();
  }, START_MS + 60_000);
  afterAll(async () => {
    for (const page of pages) page.close();
    await cluster.stop();
  }, START_MS);

  it('is over for each process in time, and in order', () => {
    expect(exits).toEqual(['exit code 0', 'exit code 0', 'exit code 0', 'exit code 0']);
  });

  it('begins with readiness, while requests are still served', () => {
    expect(readiness).toMatchObject(
      cluster.parts.apis.map(({ name }) => ({ name, statusAfter: 503, servedAfter: 200 })),
    );
  });

  it('fails no request after one more try at most', () => {
    expect(customers.sent.length).toBeGreaterThan(200);
    expect(customers.failures).toEqual([]);
  });

  it('tells sockets to reconnect, which they do one after the other', async () => {
    for (const { toldToLeave } of pages) expect(toldToLeave.length).toBeGreaterThan(0);
    // Who met only instances that were leaving tries again by itself.
    await eventually(() => {
      for (const { socket } of pages) expect(socket.connected).toBe(true);
    }, 10_000);
    // Of those that were told first: they came with the first instance's end.
    const first = Math.min(...pages.map(({ toldToLeave }) => toldToLeave[0]!));
    const leftAfter = pages
      .filter(({ toldToLeave }) => toldToLeave[0]! < first + 500)
      .map(({ left }) => left[0]! - first)
      .sort((a, b) => a - b);
    expect(leftAfter.length).toBeGreaterThan(WATCHERS / 4);
    expect(leftAfter.at(-1)).toBeLessThan(SHUTDOWN_DELAY_MS);
    expect(leftAfter.at(-1)! - leftAfter[0]!).toBeGreaterThan(SHUTDOWN_DELAY_MS * 0.4);
  });

  it('loses nothing that was acknowledged, and leaves nothing behind', async () => {
    await everythingAgrees(cluster, pages, 10_000);
    await expectNothingLost(cluster, customers);
  }, 60_000);
});
