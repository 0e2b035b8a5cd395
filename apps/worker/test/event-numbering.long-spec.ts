import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TransientError, type EventHandler } from '@modex/domain';
import { eventually } from '../../../test/eventually.js';
import { Installation } from '../../../test/installation.js';
import { InProcessTransport } from '../src/outbox/transports/in-process.transport.js';
import { RelayHarness } from './support/relay-harness.js';

/** The longest time from an event's commit to its position. */
const NUMBERED_WITHIN_MS = 2_000;

describe('positions in the event stream, beside a handler', () => {
  let harness: RelayHarness;
  let release = () => {};
  beforeAll(async () => {
    harness = await RelayHarness.open();
  });
  afterAll(() => harness.close());
  afterEach(async () => {
    release();
    await harness.stopRelays();
    await harness.domain.database.query('TRUNCATE outbox');
  });

  it.each([
    ['always fails', () => Promise.reject(new Error('no'))],
    ['cannot reach its server', () => Promise.reject(new TransientError('no server'))],
    ['never ends', () => new Promise<void>((resolve) => (release = resolve))],
  ])('that %s, come within 2 s for the show of the event and for others', async (_, handle) => {
    let attempts = 0;
    const handler: EventHandler = {
      name: 'stubborn',
      handle: () => {
        attempts += 1;
        return handle();
      },
    };
    harness.startRelay(new InProcessTransport([handler]));
    const show = await harness.write(2);
    await eventually(() => expect(attempts).toBeGreaterThan(0));
    await harness.write(3, show, 3);
    await harness.writeMany(20, 3);
    const since = performance.now();
    await eventually(async () => expect(await harness.count('position IS NULL')).toBe(0));
    expect(performance.now() - since).toBeLessThan(NUMBERED_WITHIN_MS);
    expect(await harness.count('position IS NOT NULL')).toBe(65);
    expect(await harness.count('published_at IS NOT NULL')).toBe(0);
  });
});

describe('positions in the event stream, of a worker', () => {
  let installation: Installation;
  afterEach(() => installation.stop());

  const unnumbered = async () => {
    const [row] = await installation.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM outbox WHERE position IS NULL',
    );
    return row!.count;
  };

  it('come within 2 s while the mail server is away', async () => {
    installation = await Installation.create({
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'tickets@example.com',
    });
    const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
    const admin = await api.client().registerAdmin();
    const [first, second] = await Promise.all([admin.createShow(), admin.createShow()]);
    const ada = await api.client().register();
    for (const { id } of [first, second, first]) {
      const { body: booking } = await ada.hold(id);
      expect((await ada.act('confirm', booking.id)).status).toBe(200);
      const since = performance.now();
      await eventually(async () => expect(await unnumbered()).toBe(0));
      expect(performance.now() - since).toBeLessThan(NUMBERED_WITHIN_MS);
    }
  }, 60_000);

  it('are lost by no kill -9', async () => {
    const EVENTS = 30_000;
    const SHOWS = 30;
    installation = await Installation.create();
    const { database } = installation;
    let worker = await installation.startWorker();
    const write = async (from: number, to: number) =>
      database.query(
        `INSERT INTO outbox (aggregate_id, id, version, type, payload, created_at)
         SELECT ('00000000-0000-4000-8000-' || lpad(show::text, 12, '0'))::uuid, gen_random_uuid(),
           version, 'booking.held', '{}', clock_timestamp()
         FROM generate_series(1, $3::int) AS show, generate_series($1::int, $2::int) AS version`,
        [from, to, SHOWS],
      );
    const perKill = EVENTS / SHOWS / 5;
    for (let kill = 0; kill < 5; kill++) {
      await write(kill * perKill + 1, (kill + 1) * perKill);
      await sleep(randomInt(100, 900));
      await worker.stop('SIGKILL');
      worker = await installation.startWorker();
    }
    await eventually(async () => expect(await unnumbered()).toBe(0), 20_000);
    const read = await database.query<{ aggregateId: string; version: number; position: string }>(
      `SELECT aggregate_id AS "aggregateId", version, position FROM outbox ORDER BY position`,
    );
    expect(new Set(read.map(({ position }) => position)).size).toBe(EVENTS);
    const versions = new Map<string, number>();
    for (const { aggregateId, version } of read) {
      expect(version).toBe((versions.get(aggregateId) ?? 0) + 1);
      versions.set(aggregateId, version);
    }
  }, 120_000);
});
