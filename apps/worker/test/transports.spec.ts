import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TransientError } from '@modex/domain';
import { eventually } from '../../../test/eventually.js';
import { describeWith } from '../../../test/optional.js';
import { findBroker, RABBITMQ_MISSING, type Broker } from '../../../test/rabbitmq-server.js';
import { RecordingHandler } from './support/recording-handler.js';
import { RelayHarness, RETRIES } from './support/relay-harness.js';
import {
  inProcessFixture,
  RabbitFixture,
  type TransportFixture,
} from './support/transport-fixtures.js';

const WITHIN_MS = 15_000;
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** The guarantees of every transport. */
function guarantees(openFixture: (harness: RelayHarness) => TransportFixture): void {
  let harness: RelayHarness;
  let fixture: TransportFixture;
  let handler: RecordingHandler;
  beforeAll(async () => {
    harness = await RelayHarness.open();
  });
  afterAll(() => harness.close());
  beforeEach(() => {
    fixture = openFixture(harness);
    handler = new RecordingHandler();
  });
  afterEach(async () => {
    await harness.stopRelays();
    await fixture.close();
    await harness.domain.database.query('TRUNCATE outbox');
  });

  const start = () => harness.startRelay(fixture.newTransport(handler));

  it('brings every event of a booking, with all that it says', async () => {
    start();
    const show = await harness.domain.createShow();
    const userId = await harness.domain.createUser();
    await harness.domain.bookings.hold({ userId, showId: show.id, quantity: 2 });
    await eventually(() => expect(handler.handled).toHaveLength(2), WITHIN_MS);
    expect(handler.handled).toEqual(
      await harness.domain.database.query(
        `SELECT id, type, aggregate_id AS "aggregateId", version, payload,
           to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt"
         FROM outbox ORDER BY version`,
      ),
    );
    expect(handler.handled[1]).toMatchObject({ type: 'booking.held', aggregateId: show.id });
  });

  it('brings the events of each aggregate in their order, through relays side by side', async () => {
    for (let n = 0; n < 3; n++) start();
    const ids = await harness.writeMany(12, 80);
    await eventually(async () => {
      expect(await harness.count('published_at IS NULL')).toBe(0);
      for (const id of ids) expect(handler.versionsOf(id)).toHaveLength(80);
    }, WITHIN_MS);
    for (const id of ids) expect(handler.versionsOf(id)).toEqual(upTo(80));
    expect(handler.handled).toHaveLength(12 * 80);
  });

  it('tries again what failed, before what follows it', async () => {
    const id = await harness.write(5);
    handler.failFor(id, 2, RETRIES.maxAttempts - 1);
    start();
    await eventually(() => expect(handler.versionsOf(id)).toEqual(upTo(5)), WITHIN_MS);
    expect(handler.attempts).toBe(5 + RETRIES.maxAttempts - 1);
    expect(await fixture.deadLettered(handler)).toBe(0);
  });

  it('lets an event that fails delay those about something else as little as it can', async () => {
    const id = await harness.write(6);
    for (const version of [1, 3, 5]) handler.orderingKeys.set(`${id} ${version}`, 'one');
    for (const version of [2, 4]) handler.orderingKeys.set(`${id} ${version}`, 'another');
    handler.failFor(id, 1, 1);
    start();
    await eventually(() => expect(handler.versionsOf(id)).toHaveLength(6), WITHIN_MS);
    const order = handler.versionsOf(id);
    expect(order.filter((version) => version % 2 === 1)).toEqual([1, 3, 5]);
    // The second was begun beside the first, and what is about nothing in particular is the last.
    expect(order[0]).toBe(2);
    expect(order[5]).toBe(6);
  });

  it('retries transient errors more often than others', async () => {
    const [id, other] = await harness.writeMany(2, 3);
    handler.failFor(id!, 2, RETRIES.maxTransientAttempts - 1, new TransientError('no server'));
    handler.failFor(other!, 2, Infinity, new TransientError('no server'));
    start();
    await eventually(() => {
      expect(handler.versionsOf(id!)).toEqual(upTo(3));
      expect(handler.versionsOf(other!)).toEqual([1, 3]);
    }, WITHIN_MS);
    await eventually(async () => expect(await fixture.deadLettered(handler)).toBe(1));
  });

  it('dead-letters an event that always fails, while the others go on', async () => {
    const poisoned = await harness.write(3);
    handler.failFor(poisoned, 2, Infinity);
    start();
    const others = await harness.writeMany(5, 20);
    await eventually(() => {
      for (const id of others) expect(handler.versionsOf(id)).toEqual(upTo(20));
      expect(handler.versionsOf(poisoned)).toEqual([1, 3]);
    }, WITHIN_MS);
    await eventually(async () => expect(await fixture.deadLettered(handler)).toBe(1));
  });

  it('redrives dead-lettered events, and dead-letters again what fails again', async () => {
    const [cured, incurable] = await harness.writeMany(2, 3);
    handler.failFor(cured!, 2, RETRIES.maxAttempts);
    handler.failFor(incurable!, 1, Infinity);
    start();
    await eventually(async () => {
      expect(await fixture.deadLettered(handler)).toBe(2);
      expect(handler.versionsOf(cured!)).toEqual([1, 3]);
    }, WITHIN_MS);
    expect(await fixture.redrive(handler)).toBe(2);
    await eventually(async () => {
      expect(handler.versionsOf(cured!)).toEqual([1, 3, 2]);
      expect(await fixture.deadLettered(handler)).toBe(1);
    }, WITHIN_MS);
    expect(handler.versionsOf(incurable!)).toEqual([2, 3]);
  });

  it('keeps no claim when it stops, and loses nothing', async () => {
    const relay = start();
    const ids = await harness.writeMany(10, 100);
    await eventually(() => expect(handler.handled.length).toBeGreaterThan(0), WITHIN_MS);
    await harness.stop(relay);
    expect(await harness.count('claimed_until IS NOT NULL')).toBe(0);
    start();
    await eventually(() => {
      for (const id of ids) expect(handler.versionsOf(id)).toEqual(upTo(100));
    }, WITHIN_MS);
  });

  it('is woken by a commit', async () => {
    start();
    const show = await harness.domain.createShow({ totalSlots: 20 });
    const userId = await harness.domain.createUser();
    await eventually(() => expect(handler.handled).toHaveLength(1), WITHIN_MS);
    const waits: number[] = [];
    for (let n = 0; n < 5; n++) {
      await harness.domain.bookings.hold({ userId, showId: show.id, quantity: 1 });
      const since = performance.now();
      await eventually(() => expect(handler.handled).toHaveLength(n + 2), WITHIN_MS);
      waits.push(performance.now() - since);
    }
    // Who only polls each second would need luck four times.
    expect(waits.toSorted((a, b) => a - b)[2]).toBeLessThan(350);
  });
}

describe('events in process', () => {
  guarantees(inProcessFixture);
});

describeWith('events over RabbitMQ', findBroker(), RABBITMQ_MISSING, (startBroker) => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startBroker();
  }, 60_000);
  afterAll(() => broker.destroy());

  guarantees((harness) => new RabbitFixture(broker.url, harness));
});
