import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { EventSequencer, readEventStreamLag } from '../src/outbox/event-sequencer.js';
import { EventStream, type PositionedEvent } from '../src/outbox/event-stream.js';
import { BookingOffice } from './support/booking-office.js';

const INSERT = `INSERT INTO outbox (aggregate_id, id, version, type, payload, created_at)
  SELECT $1, gen_random_uuid(), version, 'booking.held', '{}', clock_timestamp()
  FROM generate_series($2::int, $3::int) AS version`;

/** How an outbox relay of the release before publishes an event: it assigns the position itself. */
const PUBLISH_AS_BEFORE = `WITH taken AS (
    UPDATE outbox_sequencer SET position = position + 1 WHERE id = 1 RETURNING position
  )
  UPDATE outbox SET published_at = now(), position = taken.position
  FROM taken WHERE aggregate_id = $1 AND version = $2`;

describe('the event stream', () => {
  let office: BookingOffice;
  let stream: EventStream;
  beforeAll(async () => {
    office = await BookingOffice.open();
    stream = new EventStream(office.dataSource);
  });
  afterAll(() => office.close());
  beforeEach(() => office.database.query('TRUNCATE outbox'));

  const assignPositions = () => new EventSequencer(office.dataSource).assignPositions();
  const write = (aggregateId: string, from: number, to: number) =>
    office.database.query(INSERT, [aggregateId, from, to]);
  const readAll = async (limit: number): Promise<PositionedEvent[]> => {
    const events: PositionedEvent[] = [];
    for (let page; (page = await stream.read(events.at(-1)?.position ?? 0, limit)).length > 0;) {
      events.push(...page);
    }
    return events;
  };

  it('has every event in the order of the versions of its aggregate, page by page', async () => {
    const aggregates = Array.from({ length: 4 }, () => uuidv7());
    for (const id of aggregates) await write(id, 1, 25);
    expect(await new EventSequencer(office.dataSource, 7).assignPositions()).toBe(100);
    expect(await assignPositions()).toBe(0);
    const events = await readAll(9);
    const [{ position: first }] = events as [PositionedEvent];
    expect(events.map(({ position }) => position - first)).toEqual([...Array(100).keys()]);
    for (const id of aggregates) {
      const own = events.filter(({ aggregateId }) => aggregateId === id);
      expect(own.map(({ version }) => version)).toEqual(
        Array.from({ length: 25 }, (_, i) => i + 1),
      );
    }
  });

  it('has an event that is not published, and keeps the position of one that is', async () => {
    const id = uuidv7();
    await write(id, 1, 2);
    await assignPositions();
    const before = await readAll(10);
    expect(before.map(({ version }) => version)).toEqual([1, 2]);
    await office.database.query('UPDATE outbox SET published_at = now()');
    await write(id, 3, 3);
    await assignPositions();
    expect((await readAll(10)).slice(0, 2)).toEqual(before);
  });

  it('gets an event however late its transaction commits', async () => {
    const late = new pg.Client({ connectionString: office.database.url });
    await late.connect();
    const lateId = uuidv7();
    await late.query('BEGIN');
    await late.query(INSERT, [lateId, 1, 1]);
    for (let i = 0; i < 30; i++) await write(uuidv7(), 1, 1);
    await assignPositions();
    const read = await readAll(7);
    expect(read).toHaveLength(30);
    await late.query('COMMIT');
    await late.end();
    await assignPositions();
    expect(await stream.read(read.at(-1)!.position, 7)).toMatchObject([{ aggregateId: lateId }]);
  });

  it('gives every event once, in order, to readers beside writers and sequencers', async () => {
    const WRITERS = 12;
    const EACH = 60;
    let isWritten = false;
    let isNumbered = false;
    const writer = async () => {
      const client = new pg.Client({ connectionString: office.database.url });
      await client.connect();
      const aggregateId = uuidv7();
      for (let version = 1; version <= EACH;) {
        const last = Math.min(version + Math.floor(Math.random() * 4), EACH);
        await client.query('BEGIN');
        await client.query(INSERT, [aggregateId, version, last]);
        await sleep(Math.random() * 8);
        await client.query('COMMIT');
        version = last + 1;
      }
      await client.end();
    };
    const sequencer = async (pageSize: number) => {
      const own = new EventSequencer(office.dataSource, pageSize);
      for (let isLast = false; ; isLast = isWritten) {
        await own.assignPositions();
        if (isLast) return;
      }
    };
    const reader = async (limit: number) => {
      const seen: PositionedEvent[] = [];
      for (let isLast = false; ;) {
        const page = await stream.read(seen.at(-1)?.position ?? start, limit);
        seen.push(...page);
        if (page.length === 0 && isLast) return seen;
        isLast = isNumbered;
      }
    };
    const start = Number(
      (
        await office.database.query<{ position: string }>('SELECT position FROM outbox_sequencer')
      )[0]!.position,
    );
    const readers = Promise.all([1, 5, 40].map(reader));
    const sequencers = Promise.all([1, 4, 30, 1_000].map(sequencer));
    await Promise.all(Array.from({ length: WRITERS }, writer));
    isWritten = true;
    await sequencers;
    isNumbered = true;
    for (const seen of await readers) {
      expect(new Set(seen.map(({ id }) => id)).size).toBe(WRITERS * EACH);
      expect(seen).toHaveLength(WRITERS * EACH);
      for (const id of new Set(seen.map(({ aggregateId }) => aggregateId))) {
        const own = seen.filter(({ aggregateId }) => aggregateId === id);
        expect(own.map(({ version }) => version)).toEqual(
          Array.from({ length: EACH }, (_, i) => i + 1),
        );
      }
    }
  });

  it('gives an event again, later, that a relay of the release before publishes', async () => {
    const id = uuidv7();
    await write(id, 1, 2);
    await assignPositions();
    const [first, second] = await readAll(10);
    await office.database.query(PUBLISH_AS_BEFORE, [id, 1]);
    await write(id, 3, 3);
    await assignPositions();
    const later = await stream.read(second!.position, 10);
    expect(later.map(({ version }) => version)).toEqual([1, 3]);
    expect(later[0]!.id).toBe(first!.id);
  });

  it('is as late as its oldest event without a position', async () => {
    expect(await readEventStreamLag(office.dataSource)).toBe(0);
    await write(uuidv7(), 1, 1);
    await office.database.query(`UPDATE outbox SET created_at = now() - interval '1 minute'`);
    const lag = await readEventStreamLag(office.dataSource);
    expect(lag).toBeGreaterThanOrEqual(60);
    expect(lag).toBeLessThan(90);
    await assignPositions();
    expect(await readEventStreamLag(office.dataSource)).toBe(0);
  });

  it('is numbered as quickly when many wait, although the statistics say that none does', async () => {
    await write(uuidv7(), 1, 20_000);
    await assignPositions();
    await office.database.query('ANALYZE outbox');
    for (let i = 0; i < 100; i++) await write(uuidv7(), 1, 100);
    const since = performance.now();
    expect(await assignPositions()).toBe(10_000);
    const seconds = (performance.now() - since) / 1_000;
    process.stdout.write(`numbered: ${(10_000 / seconds).toFixed(0)} events/s\n`);
    // Reading the whole table for each page takes longer.
    expect(seconds).toBeLessThan(5);
  });
});
