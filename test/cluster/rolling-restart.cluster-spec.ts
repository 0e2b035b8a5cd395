import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createBuyers } from '../../apps/api/test/support/buyers.js';
import type { Program } from '../../scripts/cluster/program.mjs';
import { eventually } from '../eventually.js';
import { everythingAgrees, expectNothingLost } from './agreement.js';
import { Customers } from './customers.js';
import { Page } from './page.js';
import { describeCluster, RunningCluster, START_MS } from './running-cluster.js';

const CUSTOMERS = 5;
const WATCHERS = 24;
/** The cluster's, as the containers' is. Milliseconds. */
const SHUTDOWN_DELAY_MS = 3_000;

describeCluster('a rolling restart of every API and worker under load', (programs) => {
  let cluster: RunningCluster;
  let customers: Customers;
  let pages: Page[] = [];
  const readiness: { name: string; statusAfter: number; servedAfter: number }[] = [];
  const exits: string[] = [];
  const allAreConnected = () => {
    for (const { socket } of pages) expect(socket.connected).toBe(true);
  };
  const replace = async (process: Program, stopped: Promise<void>) => {
    await stopped;
    exits.push(await process.exited);
    await process.start();
  };
  beforeAll(async () => {
    cluster = await RunningCluster.start(programs, {
      HOLD_SECONDS: '5',
    });
    const admin = await cluster.client().registerAdmin();
    const shows = await Promise.all([1, 2, 3].map(() => admin.createShow({ totalSlots: 100_000 })));
    pages = Array.from({ length: WATCHERS }, () => new Page(cluster.url));
    await eventually(allAreConnected);
    const tokens = await createBuyers(cluster, CUSTOMERS);
    customers = new Customers(
      cluster,
      shows.map(({ id }) => id),
      tokens,
    );
    await sleep(1_000);
    const { apis, workers } = cluster.parts;
    for (const api of apis) {
      const stopped = api.stop();
      // Not at once, since a signal takes a moment to arrive.
      await sleep(300);
      const ready = await fetch(`${api.url}/health/ready`);
      const served = await fetch(`${api.url}/api/v1/shows`);
      readiness.push({ name: api.name, statusAfter: ready.status, servedAfter: served.status });
      await replace(api, stopped);
    }
    for (const worker of workers) await replace(worker, worker.stop());
    await sleep(1_000);
    await customers.stop();
  }, START_MS + 60_000);
  afterAll(async () => {
    // What failed before they were stopped may not leave them at it for ever.
    await customers?.stop();
    for (const page of pages) page.close();
    await cluster?.stop();
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
    await eventually(allAreConnected, 10_000);
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
