import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { Connection } from 'rabbitmq-client';
import { createBuyers } from '../../apps/api/test/support/buyers.js';
import { MailServer } from '../../apps/worker/test/support/mail-server.js';
import type { ApiClient } from '../api-client.js';
import { eventually } from '../eventually.js';
import { LiveClient } from '../live-client.js';
import { looksAtShows } from '../looks-at-shows.js';
import { metric } from '../metric.js';
import { describeCluster, RunningCluster, START_MS } from './running-cluster.js';

const SOCKETS = 4;
const SLOTS = 100;
const BUYERS = 500;
const LISTS = 40;

describeCluster('an installation of many machines', (programs) => {
  let mailServer: MailServer;
  let cluster: RunningCluster;
  let admin: ApiClient;
  let sockets: LiveClient[] = [];
  beforeAll(async () => {
    mailServer = await MailServer.start();
    cluster = await RunningCluster.start(programs, {
      SMTP_URL: mailServer.url,
      MAIL_FROM: 'Box office <tickets@example.com>',
    });
    admin = await cluster.client().registerAdmin();
  }, START_MS);
  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await cluster?.stop();
    await mailServer?.stop();
  }, START_MS);

  /** Which instance answered a request, by its log. */
  const answeredBy = async (requestId: string): Promise<string> => {
    let name = '';
    await eventually(() => {
      const api = cluster.parts.apis.find(({ logPath }) =>
        readFileSync(logPath, 'utf8').includes(requestId),
      );
      expect(api).toBeDefined();
      name = api!.name;
    });
    return name;
  };

  it('shows a booking that one instance made to the sockets of both', async () => {
    const { id: showId } = await admin.createShow();
    const connecting = Array.from({ length: SOCKETS }, () => LiveClient.connect(cluster.url));
    sockets = await Promise.all(connecting);
    for (const api of cluster.parts.apis) {
      expect(await metric(api, 'modex_sockets')).toBe(SOCKETS / 2);
    }
    const answering = new Set<string>();
    for (let heldSlots = 1; heldSlots <= 4; heldSlots++) {
      const requestId = randomUUID();
      const { status } = await admin.request('POST', '/api/v1/bookings', {
        body: { showId },
        headers: { 'x-request-id': requestId },
      });
      expect(status).toBe(201);
      answering.add(await answeredBy(requestId));
      await eventually(() => {
        for (const socket of sockets) expect(socket.counters(showId)).toMatchObject({ heldSlots });
      });
    }
    expect([...answering].sort()).toEqual(cluster.parts.apis.map(({ name }) => name));
  });

  it('reads lists from the replica, and none from the primary', async () => {
    const reads = async (from: string) => {
      const counts = cluster.parts.apis.map((api) =>
        metric(api, `modex_reads_total{from="${from}"}`),
      );
      return (await Promise.all(counts)).reduce((sum, each) => sum + each, 0);
    };
    // After an edit the replica is not asked before it has it.
    await sleep(1_500);
    const [scans, fromReplica, fromPrimary] = [
      await looksAtShows(cluster.parts.replica.url),
      await reads('replica'),
      await reads('primary'),
    ];
    for (let i = 0; i < LISTS; i++) {
      // A question that nobody has asked before lies in no cache.
      const { status, body } = await admin.request('GET', `/api/v1/shows?q=${randomUUID()}`);
      expect({ status, body }).toMatchObject({ status: 200, body: { data: [] } });
    }
    expect(await reads('replica')).toBe(fromReplica + LISTS);
    expect(await reads('primary')).toBe(fromPrimary);
    await eventually(async () =>
      expect(await looksAtShows(cluster.parts.replica.url)).toBeGreaterThan(scans),
    );
  });

  it('sends its mail over RabbitMQ', async () => {
    const broker = new Connection({ url: cluster.parts.amqpUrl });
    const events: string[] = [];
    const listener = broker.createConsumer(
      {
        queueOptions: { exclusive: true, autoDelete: true },
        queueBindings: [{ exchange: 'modex.events', routingKey: '#' }],
      },
      ({ routingKey }) => {
        events.push(routingKey);
      },
    );
    await new Promise((resolve) => listener.once('ready', resolve));
    const email = `${randomUUID()}@example.com`;
    const ada = await cluster.client().register(email);
    const { id } = await admin.createShow({ title: 'A play' });
    const { body: booking } = await ada.hold(id);
    expect((await ada.act('confirm', booking.id)).status).toBe(200);
    await eventually(() => {
      expect(mailServer.to(email).map(({ subject }) => subject)).toEqual([
        'Booking confirmed: A play',
      ]);
    }, 10_000);
    expect(events).toEqual(expect.arrayContaining(['show.created', 'booking.confirmed']));
    await listener.close();
    await broker.close();
  });

  it(`sells ${SLOTS} slots to exactly so many of ${BUYERS} people who want one at once`, async () => {
    const { id } = await admin.createShow({ totalSlots: SLOTS });
    const tokens = await createBuyers(cluster, BUYERS);
    const answers = await Promise.all(tokens.map((token) => cluster.client(token).hold(id)));
    const counts = new Map<string, number>();
    for (const { status, body } of answers) {
      const what = status === 201 ? `201 ${body.status}` : `${status} ${String(body['code'])}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      '201 PENDING': SLOTS,
      '409 SOLD_OUT': BUYERS - SLOTS,
    });
    const booked = answers.flatMap(({ status, body }, i) =>
      status === 201 ? [cluster.client(tokens[i]).act('confirm', body.id)] : [],
    );
    const statuses = (await Promise.all(booked)).map(({ status }) => status);
    expect(statuses).toEqual(Array.from({ length: SLOTS }, () => 200));
    await eventually(async () => {
      for (const { url } of cluster.parts.apis) {
        expect(await cluster.client(null, url).show(id)).toMatchObject({
          availableSlots: 0,
          heldSlots: 0,
        });
      }
    });
    expect(await cluster.audit()).toMatch(/drift in 0/);
  }, 60_000);

  it('lets the role end what takes too long, through the pooler too', async () => {
    const client = new pg.Client({ connectionString: cluster.parts.pgbouncer.url });
    await client.connect();
    try {
      const { rows } = await client.query(
        `SELECT name, setting || coalesce(unit, '') AS value FROM pg_settings
         WHERE name IN ('lock_timeout', 'statement_timeout') ORDER BY name`,
      );
      expect(rows).toEqual([
        { name: 'lock_timeout', value: '5000ms' },
        { name: 'statement_timeout', value: '10000ms' },
      ]);
    } finally {
      await client.end();
    }
  });
});
