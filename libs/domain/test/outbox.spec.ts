import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { EventSequencer } from '../src/outbox/event-sequencer.js';
import {
  OUTBOX_CLAIMS,
  OutboxClaims,
  type ClaimedEvent,
  type EventOutcome,
} from '../src/outbox/outbox-claims.js';
import { readOutboxStatus } from '../src/outbox/outbox-status.js';
import { pruneOutbox } from '../src/outbox/prune-outbox.js';
import { redriveOutbox } from '../src/outbox/redrive-outbox.js';
import { BookingOffice } from './support/booking-office.js';
import { RowCounter } from './support/row-counter.js';

const LEASE_MS = 60_000;

describe('the outbox', () => {
  let office: BookingOffice;
  beforeAll(async () => {
    office = await BookingOffice.open();
  });
  afterAll(() => office.close());
  beforeEach(() => office.database.query('TRUNCATE outbox'));

  const newClaims = (settings: Partial<typeof OUTBOX_CLAIMS> = {}) =>
    new OutboxClaims(office.dataSource, { ...OUTBOX_CLAIMS, ...settings });
  const published = (events: ClaimedEvent[]): EventOutcome[] =>
    events.map((claimed) => ({ claimed, kind: 'published' }));
  const failed = (claimed: ClaimedEvent, error: unknown = new Error('no')): EventOutcome => ({
    claimed,
    kind: 'failed',
    error,
  });
  const released = (claimed: ClaimedEvent): EventOutcome => ({ claimed, kind: 'released' });
  const versions = (events: ClaimedEvent[]) => events.map(({ event }) => event.version);

  const INSERT = `INSERT INTO outbox (aggregate_id, id, version, type, payload, created_at)
    SELECT $1, gen_random_uuid(), version, 'booking.held', '{}', clock_timestamp()
    FROM generate_series($2::int, $3::int) AS version`;
  /** Events with versions from 1 on; resolves to their aggregate. */
  const write = async (count: number): Promise<string> => {
    const aggregateId = uuidv7();
    await office.database.query(INSERT, [aggregateId, 1, count]);
    return aggregateId;
  };
  const makeRetriesDue = () =>
    office.database.query(`UPDATE outbox SET next_attempt_at = now() - interval '1 second'`);
  const letClaimsRunOut = () =>
    office.database.query(`UPDATE outbox SET claimed_until = now() - interval '1 second'`);
  /** As if that much of each lease had gone by. */
  const ageClaims = (share: number) =>
    office.database.query(
      `UPDATE outbox SET claimed_until = claimed_until - $1 * interval '1 ms'`,
      [share * LEASE_MS],
    );

  describe('gives claims', () => {
    it('of the oldest events of an aggregate, in the order of their versions', async () => {
      await write(5);
      const claims = newClaims();
      expect(versions(await claims.claim(3))).toEqual([1, 2, 3]);
    });

    it('of an aggregate to one at a time', async () => {
      await write(5);
      const events = await newClaims().claim(3);
      expect(await newClaims().claim(10)).toEqual([]);
      await newClaims().settle(published(events));
      expect(versions(await newClaims().claim(10))).toEqual([4, 5]);
    });

    it('to many at once and never out of order', async () => {
      const AGGREGATES = 8;
      const EACH = 60;
      for (let i = 0; i < AGGREGATES; i++) await write(EACH);
      const told: ClaimedEvent[] = [];
      const relay = async (limit: number) => {
        const claims = newClaims();
        while (told.length < AGGREGATES * EACH) {
          const events = await claims.claim(limit);
          // Whoever hands over has its own pace.
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
          told.push(...events);
          await claims.settle(published(events));
        }
      };
      await Promise.all([1, 3, 10, 25, 60, 100].map(relay));
      expect(told).toHaveLength(AGGREGATES * EACH);
      for (const id of new Set(told.map(({ event }) => event.aggregateId))) {
        const own = versions(told.filter(({ event }) => event.aggregateId === id));
        expect(own).toEqual(Array.from({ length: EACH }, (_, i) => i + 1));
      }
    });

    it('in turn, so that a busy aggregate does not keep the others waiting', async () => {
      await write(100);
      const quiet = await write(1);
      const claims = newClaims();
      await claims.settle(published(await claims.claim(10)));
      const [next] = await claims.claim(10);
      expect(next).toMatchObject({ event: { aggregateId: quiet } });
    });

    it('as quickly when many wait, although the statistics say that none does', async () => {
      await write(50_000);
      await office.database.query('UPDATE outbox SET published_at = created_at');
      await office.database.query('ANALYZE outbox');
      for (let i = 0; i < 100; i++) await write(200);
      const counter = RowCounter.on(office.dataSource, 'outbox');
      expect(await newClaims().claim(64)).toHaveLength(64);
      counter.stop();
      expect(counter.statements.size).toBeGreaterThan(0);
      // Choosing anew for each event that waits would read millions.
      for (const { sql, parameters } of counter.statements.values()) {
        expect(await counter.read(sql, parameters)).toBeLessThanOrEqual(2 * 20_000);
      }
      await office.database.query('TRUNCATE outbox');
      await office.database.query('ANALYZE outbox');
    });

    it('that run out, unless they are extended', async () => {
      await write(1);
      const claims = newClaims({ leaseMs: LEASE_MS });
      const [event] = await claims.claim(1);
      await ageClaims(0.5);
      expect(await claims.extend([event!.claimId])).toEqual([event!.claimId]);
      await ageClaims(0.75);
      expect(await claims.claim(1)).toEqual([]);
      await ageClaims(0.25);
      expect(await claims.claim(1)).toMatchObject([{ event: event!.event }]);
      expect(await claims.extend([event!.claimId])).toEqual([]);
    });
  });

  it('takes no results from a claim that has run out', async () => {
    await write(2);
    const slow = await newClaims().claim(2);
    await letClaimsRunOut();
    const settleLate = () => newClaims().settle([...published([slow[0]!]), failed(slow[1]!)]);
    expect(await settleLate()).toEqual({ published: 0, failed: 0, deadLettered: 0 });
    const [, second] = await newClaims().claim(2);
    expect(await settleLate()).toEqual({ published: 0, failed: 0, deadLettered: 0 });
    expect((await readOutboxStatus(office.dataSource)).depth).toBe(2);
    expect(await newClaims().settle(published([second!]))).toMatchObject({ published: 1 });
  });

  it('gives what was not tried back at once', async () => {
    await write(1);
    const [event] = await newClaims().claim(1);
    await newClaims().settle([released(event!)]);
    expect(await newClaims().claim(1)).toMatchObject([{ event: event!.event, attempts: 0 }]);
  });

  it('holds an aggregate back while an event waits for its retry, and no other', async () => {
    const failing = await write(3);
    const other = await write(1);
    const claims = newClaims();
    const [first, ...rest] = await claims.claim(3);
    expect(first!.event.aggregateId).toBe(failing);
    await claims.settle([failed(first!), ...rest.map(released)]);
    expect(await claims.claim(10)).toMatchObject([{ event: { aggregateId: other } }]);
    await makeRetriesDue();
    const again = await claims.claim(10);
    expect(versions(again)).toEqual([1, 2, 3]);
    expect(again[0]).toMatchObject({ attempts: 1 });
  });

  it('waits longer after each failure: 1 s, 2 s, 4 s', async () => {
    await write(1);
    for (const seconds of [1, 2, 4]) {
      const [event] = await newClaims().claim(1);
      const [before] = await office.database.query<{ at: Date }>('SELECT clock_timestamp() AS at');
      await newClaims().settle([failed(event!)]);
      const [after] = await office.database.query<{ failed_at: Date; at: Date }>(
        `SELECT next_attempt_at - $1 * interval '1 s' AS failed_at, clock_timestamp() AS at
         FROM outbox`,
        [seconds],
      );
      const failedAt = after!.failed_at.getTime();
      expect(failedAt).toBeGreaterThanOrEqual(before!.at.getTime());
      expect(failedAt).toBeLessThanOrEqual(after!.at.getTime());
      await makeRetriesDue();
    }
  });

  it('dead-letters an event after too many failures, and its aggregate goes on', async () => {
    await write(2);
    const claims = newClaims({ maxAttempts: 2 });
    const [first] = await claims.claim(1);
    expect(await claims.settle([failed(first!)])).toMatchObject({ failed: 1, deadLettered: 0 });
    await makeRetriesDue();
    const [again] = await claims.claim(1);
    // 1,000 of it are kept, the last of which is half a character.
    const long = 'x'.repeat(991);
    const poison = new Error(`what\0ever${long}\u{1f3ad}`);
    expect(await claims.settle([failed(again!, poison)])).toMatchObject({
      failed: 1,
      deadLettered: 1,
    });
    expect(versions(await claims.claim(10))).toEqual([2]);
    expect(await readOutboxStatus(office.dataSource)).toMatchObject({ depth: 1, deadLettered: 1 });
    const [row] = await office.database.query(
      'SELECT attempts, last_error FROM outbox WHERE dead_lettered_at IS NOT NULL',
    );
    expect(row).toEqual({ attempts: 2, last_error: `whatever${long}\ufffd` });
  });

  it('takes an event that the release before dead-lettered for dead-lettered', async () => {
    await write(2);
    await office.database.query('UPDATE outbox SET set_aside_at = now() WHERE version = 1');
    expect(versions(await newClaims().claim(10))).toEqual([2]);
    expect(await readOutboxStatus(office.dataSource)).toMatchObject({ depth: 1, deadLettered: 1 });
    expect(await redriveOutbox(office.dataSource)).toBe(1);
    expect(await readOutboxStatus(office.dataSource)).toMatchObject({ depth: 2, deadLettered: 0 });
  });

  it('is pruned of what was published long ago and has a position, and of nothing else', async () => {
    await write(6);
    await new EventSequencer(office.dataSource).assignPositions();
    await write(1);
    const claims = newClaims();
    await claims.settle(published(await claims.claim(4)));
    await office.database.query(
      `UPDATE outbox SET created_at = now() - interval '40 days' WHERE version <> 4`,
    );
    await office.database.query(
      `UPDATE outbox SET published_at = now() - interval '31 days' WHERE version < 4`,
    );
    expect(await pruneOutbox(office.dataSource, 2)).toBe(2);
    expect(await pruneOutbox(office.dataSource, 2)).toBe(1);
    expect(await pruneOutbox(office.dataSource, 2)).toBe(0);
    const left = await office.database.query<{ version: number }>(
      'SELECT version FROM outbox ORDER BY position NULLS FIRST',
    );
    expect(left.map(({ version }) => version)).toEqual([1, 4, 5, 6]);
  });
});
