import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DomainError } from '../src/errors/domain-error.js';
import { BookingOffice } from './support/booking-office.js';

const code = (result: PromiseSettledResult<unknown>) =>
  result.status === 'fulfilled' ? 'done' : (result.reason as DomainError).code;

describe('commands that share a transaction', () => {
  let office: BookingOffice;
  let userId: string;
  beforeAll(async () => {
    office = await BookingOffice.open({ timeouts: { lock_timeout: '1500ms' } });
    userId = await office.createUser();
  });
  afterAll(() => office.close());

  const transactions = async (run: () => Promise<unknown>) => {
    let count = 0;
    const original = office.ledger.run.bind(office.ledger);
    office.ledger.run = (...given) => {
      count += 1;
      return original(...given);
    };
    await run();
    office.ledger.run = original;
    return count;
  };

  it('are many when many come at once', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 500 });
    const count = await transactions(() =>
      Promise.all(
        Array.from({ length: 400 }, () => office.bookings.hold({ showId, userId, quantity: 1 })),
      ),
    );
    expect(count).toBeLessThanOrEqual(4);
    expect(await office.counters(showId)).toEqual({ available: 100, held: 400, confirmed: 0 });
    expect(await office.drifts()).toBe(0);
  });

  it('are not harmed by one among them that cannot be stored', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 50 });
    const users = await office.createUsers(10);
    const nobody = 'ffffffff-ffff-4fff-8fff-ffffffffffff';
    const results = await Promise.allSettled(
      [...users.slice(0, 5), nobody, ...users.slice(5)].map((each) =>
        office.bookings.hold({ showId, userId: each, quantity: 1 }),
      ),
    );
    expect(results.map(code)).toEqual([
      ...Array<string>(5).fill('done'),
      'UNAUTHORIZED',
      ...Array<string>(5).fill('done'),
    ]);
    expect(await office.counters(showId)).toEqual({ available: 40, held: 10, confirmed: 0 });
    expect(await office.drifts()).toBe(0);
  });

  it('do not wait for ever for a show that stays locked; the others of their batch are done', async () => {
    const shows = await Promise.all(Array.from({ length: 8 }, () => office.createShow()));
    const locked = shows[3]!.id;
    const runner = office.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1 FROM shows WHERE id = $1 FOR UPDATE', [locked]);
    const started = performance.now();
    const results = await Promise.allSettled(
      shows.map(({ id: showId }) => office.bookings.hold({ showId, userId, quantity: 1 })),
    );
    // Two lock time-outs: one for the batch, one for the show on its own.
    expect(performance.now() - started).toBeLessThan(5_000);
    await runner.rollbackTransaction();
    await runner.release();
    expect(results.map(code)).toEqual(
      shows.map(({ id }) => (id === locked ? 'OVERLOADED' : 'done')),
    );
    expect(await office.counters(locked)).toEqual({ available: 10, held: 0, confirmed: 0 });
    expect(await office.drifts()).toBe(0);
  });
});
