import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionLost } from '../src/database/database-errors.js';
import { BookingOffice } from './support/booking-office.js';
import { TcpProxy } from './support/tcp-proxy.js';

const ANSWER_TIMEOUT_MS = 800;
const CONNECT_TIMEOUT_MS = 1_000;
/** The statement, as it is on the wire; not the READ COMMITTED before it. */
const COMMIT = 'COMMIT\0';

describe('a network that swallows answers', () => {
  let proxy: TcpProxy;
  let office: BookingOffice;
  let userId: string;
  beforeAll(async () => {
    proxy = await TcpProxy.open(process.env['MODEX_TEST_DATABASE_URL']!);
    office = await open(ANSWER_TIMEOUT_MS);
    userId = await office.createUser();
  });
  afterAll(async () => {
    await office.close();
    await proxy.close();
  });

  const open = (answerTimeoutMs: number) =>
    BookingOffice.open({
      url: (url) => proxy.through(url),
      connection: { answerTimeoutMs, connectTimeoutMs: CONNECT_TIMEOUT_MS },
    });
  const backend = async () => {
    const [row] = await office.dataSource.query<{ pid: number }[]>(
      'SELECT pg_backend_pid() AS pid',
    );
    return row!.pid;
  };
  const timed = async <Value>(work: Promise<Value>) => {
    const started = performance.now();
    const [settled] = await Promise.allSettled([work]);
    return { settled, ms: performance.now() - started };
  };

  it('costs a query its connection, not its caller', async () => {
    void proxy.swallowAnswersAfter('pg_sleep');
    const { settled, ms } = await timed(office.dataSource.query('SELECT pg_sleep(0)'));
    expect(settled).toMatchObject({
      status: 'rejected',
      reason: { message: 'the database did not answer within 800 ms' },
    });
    expect(isConnectionLost((settled as PromiseRejectedResult).reason)).toBe(true);
    expect(ms).toBeGreaterThan(ANSWER_TIMEOUT_MS - 50);
    expect(ms).toBeLessThan(ANSWER_TIMEOUT_MS + 500);
    expect(await backend()).toBeGreaterThan(0);
  });

  it('is not mistaken for a connection that nobody asks anything, and is noticed after that too', async () => {
    const pid = await backend();
    await sleep(2.5 * ANSWER_TIMEOUT_MS);
    expect(await backend()).toBe(pid);
    await sleep(1.5 * ANSWER_TIMEOUT_MS);
    void proxy.swallowAnswersAfter('pg_sleep');
    const { settled, ms } = await timed(office.dataSource.query('SELECT pg_sleep(0)'));
    expect(settled.status).toBe('rejected');
    expect(ms).toBeLessThan(ANSWER_TIMEOUT_MS + 500);
  });

  it('between COMMIT and its answer: makes one booking, and answers it over a new connection', async () => {
    // Longer than a batch's patience, which is there for asking what became of it.
    const patient = await open(4_500);
    const { id: showId } = await patient.createShow();
    const buyer = await patient.createUser();
    void proxy.swallowAnswersAfter(COMMIT);
    const { settled, ms } = await timed(
      patient.bookings.hold({ showId, userId: buyer, quantity: 2 }),
    );
    expect(settled).toMatchObject({ status: 'fulfilled', value: { replayed: false } });
    expect(ms).toBeLessThan(6_000);
    expect(await patient.counters(showId)).toEqual({ available: 8, held: 2, confirmed: 0 });
    expect(await patient.drifts()).toBe(0);
    await patient.close();
  });

  it('for good: everybody gets an answer in time, and the pool serves again when it is over', async () => {
    const { id: showId } = await office.createShow();
    const others = await Promise.all(Array.from({ length: 6 }, () => office.createShow()));
    const hold = (id: string) => timed(office.bookings.hold({ showId: id, userId, quantity: 1 }));
    const cut = proxy.swallowAnswersAfter(COMMIT);
    const first = hold(showId);
    await cut;
    proxy.swallowAnswers();
    const rest = others.map(({ id }) => hold(id));
    const { settled, ms } = await first;
    expect(settled).toMatchObject({ status: 'rejected', reason: { code: 'OUTCOME_UNKNOWN' } });
    // The silence, the patience of a batch, and the last new connection that it began.
    expect(ms).toBeLessThan(ANSWER_TIMEOUT_MS + 4_000 + CONNECT_TIMEOUT_MS + 500);
    for (const { settled } of await Promise.all(rest)) {
      expect(settled).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable' } });
    }
    proxy.restore();
    for (const { settled } of await Promise.all(
      [{ id: showId }, ...others].map(({ id }) => hold(id)),
    )) {
      expect(settled).toMatchObject({ status: 'fulfilled' });
    }
    expect(await office.counters(showId)).toEqual({ available: 8, held: 2, confirmed: 0 });
    expect(await office.drifts()).toBe(0);
  });
});
