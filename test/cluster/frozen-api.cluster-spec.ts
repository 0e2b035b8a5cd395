import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createBuyers } from '../../apps/api/test/support/buyers.js';
import { eventually } from '../eventually.js';
import { everythingAgrees, expectNothingLost } from './agreement.js';
import { Customers, type Sent } from './customers.js';
import { describeCluster, RunningCluster, START_MS } from './running-cluster.js';

const CUSTOMERS = 20;
/** Milliseconds. */
const FOR_MS = 35_000;
/** From the freeze on: silent for 10 s, killed, and started again. Milliseconds. */
const REPLACED_WITHIN_MS = 20_000;
/** After so long nginx has given up an instance that does not answer. Milliseconds. */
const GIVEN_UP_MS = 12_000;
const SLOW_MS = 1_000;

describeCluster('an installation of which one API is frozen', (programs) => {
  let cluster: RunningCluster;
  let customers: Customers;
  let frozenAt = 0;
  const over = new AbortController();
  let watching: Promise<void> = Promise.resolve();
  const holds = () => customers.sent.filter(({ what, at }) => what === 'hold' && at > frozenAt);
  const isSlow = ({ tookMs }: Sent) => tookMs > SLOW_MS;
  beforeAll(async () => {
    cluster = await RunningCluster.start(programs);
    const admin = await cluster.client().registerAdmin();
    const making = Array.from({ length: 4 }, () => admin.createShow({ totalSlots: 100_000 }));
    const showIds = (await Promise.all(making)).map(({ id }) => id);
    watching = cluster.parts.watch(over.signal);
    customers = new Customers(cluster, showIds, await createBuyers(cluster, CUSTOMERS));
    await sleep(1_500);
    frozenAt = performance.now();
    cluster.parts.apis[0]!.signal('SIGSTOP');
    await sleep(FOR_MS);
    await customers.stop();
    const slow = holds().filter(isSlow).length;
    process.stdout.write(`One API is frozen: ${slow} of ${holds().length} holds took over 1 s\n`);
  }, START_MS + 60_000);
  afterAll(async () => {
    over.abort();
    await customers?.stop();
    await cluster?.stop();
    await watching;
  }, START_MS);

  it('answers whoever had asked that one within 12 s', () => {
    const slowest = Math.max(...customers.sent.map(({ tookMs }) => tookMs));
    expect(slowest).toBeLessThan(GIVEN_UP_MS + SLOW_MS);
  });

  it('has it killed and started again, and is as quick as before', async () => {
    const later = holds().filter(({ at }) => at > frozenAt + REPLACED_WITHIN_MS);
    expect(later.length).toBeGreaterThan(100);
    expect(later.filter(isSlow)).toEqual([]);
    await eventually(async () =>
      expect((await fetch(`${cluster.parts.apis[0]!.url}/health/ready`)).status).toBe(200),
    );
  });

  it('fails no request after one more try, and loses nothing', async () => {
    expect(customers.failures).toEqual([]);
    await everythingAgrees(cluster, [], 10_000);
    await expectNothingLost(cluster, customers);
  }, 60_000);
});
