import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createBuyers } from '../../apps/api/test/support/buyers.js';
import { eventually } from '../eventually.js';
import { everythingAgrees, expectNothingLost } from './agreement.js';
import { Customers, type Sent } from './customers.js';
import { Page } from './page.js';
import { describeCluster, RunningCluster, START_MS } from './running-cluster.js';

const CUSTOMERS = 6;
const AWAY_MS = 30_000;
const ANSWERED_WITHIN_MS = 1_000;
const READY_WITHIN_MS = 5_000;

describeCluster('an installation whose PostgreSQL is away for 30 s', (programs) => {
  let cluster: RunningCluster;
  let customers: Customers;
  let showIds: string[];
  let pages: Page[] = [];
  let stoppedAt = 0;
  let startedAt = 0;
  let readyAt = 0;
  const readiness: number[] = [];
  /** What people who look were answered while the server was away: statuses. */
  const looks: number[] = [];
  /** What was sent while the server was away. */
  let meanwhile: Sent[] = [];
  const allAreReady = async () => {
    for (const url of [cluster.url, ...cluster.parts.apis.map((api) => api.url)]) {
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    }
  };
  beforeAll(async () => {
    cluster = await RunningCluster.start(programs, { HOLD_SECONDS: '60' });
    const admin = await cluster.client().registerAdmin();
    const making = Array.from({ length: 4 }, () => admin.createShow({ totalSlots: 100_000 }));
    showIds = (await Promise.all(making)).map(({ id }) => id);
    customers = new Customers(cluster, showIds, await createBuyers(cluster, CUSTOMERS));
    pages = [1, 2].map(() => new Page(cluster.url));
    await sleep(1_500);

    // Each API has read the list and the show.
    for (let i = 0; i < 8; i++) {
      await fetch(`${cluster.url}/api/v1/shows`);
      await fetch(`${cluster.url}/api/v1/shows/${showIds[0]}`);
    }
    await cluster.parts.replica.kill();
    stoppedAt = performance.now();
    await cluster.parts.primary.kill();
    await sleep(1_000);
    for (const { url } of cluster.parts.apis) {
      readiness.push((await fetch(`${url}/health/ready`)).status);
    }
    while (performance.now() < stoppedAt + AWAY_MS) {
      for (const path of ['/api/v1/shows', `/api/v1/shows/${showIds[0]}`]) {
        looks.push((await fetch(`${cluster.url}${path}`)).status);
      }
      await sleep(200);
    }
    startedAt = performance.now();
    await cluster.parts.primary.start();
    const back = performance.now();
    const replicaIsBack = cluster.parts.replica.start();
    await eventually(allAreReady, READY_WITHIN_MS);
    readyAt = performance.now() - back;
    await replicaIsBack;
    await sleep(READY_WITHIN_MS);
    await customers.stop();
    meanwhile = customers.sent.filter(({ at }) => at > stoppedAt && at < startedAt);
  }, START_MS + 60_000);
  afterAll(async () => {
    // What failed before they were stopped may not leave them at it for ever.
    await customers?.stop();
    for (const page of pages) page.close();
    await cluster?.stop();
  }, START_MS);

  it('is not ready meanwhile', () => {
    expect(readiness).toEqual([503, 503]);
  });

  it('serves the lists and shows that were read before', () => {
    expect(looks.length).toBeGreaterThan(100);
    expect(looks.filter((status) => status !== 200)).toEqual([]);
  });

  it('answers who would book with 503 and a problem, within a second', () => {
    const refused = meanwhile.filter(({ status }) => status !== 200 && status !== 201);
    const kinds = refused.map(({ status, isProblem }) => `${status} ${isProblem}`);
    expect(new Set(kinds)).toEqual(new Set(['503 true']));
    expect(refused.filter(({ what }) => what === 'hold').length).toBeGreaterThan(50);
    const codes = new Set(refused.map(({ code }) => code));
    expect([...codes].filter((code) => !/^(UNAVAILABLE|OUTCOME_UNKNOWN)$/.test(code!))).toEqual([]);
    const slow = refused.filter(({ tookMs }) => tookMs > ANSWERED_WITHIN_MS);
    expect(slow).toEqual([]);
  });

  it('is ready again within 5 s, without a restart', () => {
    expect(readyAt).toBeLessThan(READY_WITHIN_MS);
    const after = customers.sent.filter(({ at }) => at > startedAt + READY_WITHIN_MS);
    expect(after.filter(({ what }) => what === 'hold').length).toBeGreaterThan(5);
    expect(after.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);
  });

  it('has lost nothing that was acknowledged', async () => {
    expect(customers.told.size).toBeGreaterThan(50);
    await everythingAgrees(cluster, pages, 10_000);
    await expectNothingLost(cluster, customers);
  }, 60_000);

  it('sells on when the replica takes the place of the primary', async () => {
    const { primary, replica, pgbouncer } = cluster.parts;
    const [id, told] = [...customers.told].find(([, { status }]) => status === 'CONFIRMED')!;
    await primary.kill();
    await replica.promote();
    pgbouncer.pointTo(replica.port);
    const person = cluster.client(told.token);
    await eventually(async () => {
      expect(await person.hold(showIds[0]!)).toMatchObject({ status: 201 });
    }, READY_WITHIN_MS);
    expect(await person.request('GET', `/api/v1/bookings/${id}`)).toMatchObject({
      status: 200,
      body: { status: 'CONFIRMED' },
    });
    expect(await cluster.audit(replica.url)).toMatch(/drift in 0/);
  }, 30_000);
});
