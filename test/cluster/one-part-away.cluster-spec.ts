import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createBuyers } from '../../apps/api/test/support/buyers.js';
import type { Program } from '../../scripts/cluster/program.mjs';
import { everythingAgrees, expectNothingLost } from './agreement.js';
import { Customers } from './customers.js';
import { Page } from './page.js';
import { describeCluster, RunningCluster, START_MS } from './running-cluster.js';

const CUSTOMERS = 5;
/** How long a part is away, and how long people go on when it is back. Milliseconds. */
const AWAY_MS = 3_000;
const AFTER_MS = 1_000;
/** From when its process is started on, however long it takes to be ready. Milliseconds. */
const AGREES_WITHIN_MS = 10_000;

const PARTS: Record<string, (cluster: RunningCluster['parts']) => Program> = {
  Redis: ({ redis }) => redis,
  RabbitMQ: ({ rabbitmq }) => rabbitmq,
  'the replica': ({ replica }) => replica,
  'one API': ({ apis }) => apis[0]!,
  'one worker': ({ workers }) => workers[0]!,
};

describeCluster('an installation of which one part is killed and started again', (programs) => {
  let cluster: RunningCluster;
  let showIds: string[];
  let tokens: string[];
  let customers: Customers;
  let pages: Page[] = [];
  beforeAll(async () => {
    cluster = await RunningCluster.start(programs, { HOLD_SECONDS: '5' });
    const admin = await cluster.client().registerAdmin();
    const making = Array.from({ length: 6 }, () => admin.createShow({ totalSlots: 100_000 }));
    showIds = (await Promise.all(making)).map(({ id }) => id);
  }, START_MS);
  beforeEach(async () => {
    // Nobody has used their keys before.
    tokens = await createBuyers(cluster, CUSTOMERS);
    pages = [1, 2].map(() => new Page(cluster.url));
    customers = new Customers(cluster, showIds, tokens);
  });
  afterEach(async () => {
    await customers?.stop();
    for (const page of pages) page.close();
  });
  afterAll(() => cluster?.stop(), START_MS);

  it.each(Object.keys(PARTS))(
    'sells on without %s, and agrees again when it is back',
    async (name) => {
      const part = PARTS[name]!(cluster.parts);
      await sleep(500);
      await part.kill();
      const killedAt = performance.now();
      await sleep(AWAY_MS);
      const startedAt = performance.now();
      await part.start();
      await sleep(AFTER_MS);
      await customers.stop();
      await everythingAgrees(cluster, pages, startedAt + AGREES_WITHIN_MS - performance.now());

      const booked = ({ what, status }: { what: string; status: number }) =>
        what === 'hold' && status === 201;
      const meanwhile = customers.sent.filter(({ at }) => at > killedAt && at < startedAt);
      expect(meanwhile.filter(booked).length).toBeGreaterThan(10);
      expect(customers.failures).toEqual([]);
      await expectNothingLost(cluster, customers);
    },
    90_000,
  );
});
