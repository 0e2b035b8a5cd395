import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { itUndistributed } from '../../../test/optional.js';
import { BookingEngine } from '../src/ledger/booking-engine.js';
import { BookingsService } from '../src/bookings/bookings.service.js';
import type { HoldResult } from '../src/bookings/commands/hold.js';
import { Ledger } from '../src/ledger/ledger.js';
import { OneBookingPerKey1764700000000 } from '../src/database/migrations/1764700000000-one-booking-per-key.js';
import type { DomainError } from '../src/errors/domain-error.js';
import { BookingOffice, GROUP_COMMIT, HOLD_SECONDS, SHARDING } from './support/booking-office.js';

const KEYS = 60;
const NOT_ON_CITUS = 'there a key is of its account and show';

describe('a key that is sent to several shows at once', () => {
  let office: BookingOffice;
  let userId: string;
  beforeAll(async () => {
    office = await BookingOffice.open();
    userId = await office.createUser();
  });
  afterAll(() => office.close());

  /** A process of its own, as far as the ledger is concerned. */
  function openProcess(settings = SHARDING) {
    const ledger = new Ledger(office.dataSource, settings);
    const failures: unknown[] = [];
    ledger.transactions.subscribe(({ error }) => error !== undefined && failures.push(error));
    const engine = new BookingEngine(ledger, { ...GROUP_COMMIT, lanes: 1 });
    return { bookings: new BookingsService(engine, HOLD_SECONDS), failures };
  }

  const word = (result: PromiseSettledResult<HoldResult>) => {
    if (result.status === 'rejected') return (result.reason as DomainError).code;
    return result.value.replayed ? 'replayed' : 'booked';
  };

  async function bookingsOf(keys: readonly string[]): Promise<Map<string, number>> {
    const rows = await office.database.query<{ key: string; count: number }>(
      `SELECT idempotency_key AS key, count(*)::int FROM bookings
       WHERE user_id = $1 AND idempotency_key = ANY($2) GROUP BY 1`,
      [userId, keys],
    );
    return new Map(rows.map(({ key, count }) => [key, count]));
  }

  for (const idempotencyAcrossShows of [true, false]) {
    itUndistributed(
      `books one of them, looking at other shows first: ${idempotencyAcrossShows}`,
      NOT_ON_CITUS,
      async () => {
        const shows = await Promise.all([1, 2].map(() => office.createShow({ totalSlots: 500 })));
        const processes = shows.map(() => openProcess({ ...SHARDING, idempotencyAcrossShows }));
        const keys = Array.from({ length: KEYS }, (_, n) => `${idempotencyAcrossShows} ${n}`);
        const send = (i: number, inOrder: readonly string[]) =>
          inOrder.flatMap((idempotencyKey) => {
            const request = { showId: shows[i]!.id, userId, quantity: 1, idempotencyKey };
            return [request, request].map((each) => processes[i]!.bookings.hold(each));
          });
        const results = await Promise.allSettled([
          ...send(0, keys),
          ...send(1, keys.toReversed()),
          processes[0]!.bookings.hold({ showId: shows[0]!.id, userId, quantity: 2 }),
        ]);
        expect(await bookingsOf(keys)).toEqual(new Map(keys.map((key) => [key, 1])));
        const words = results.map(word);
        expect(words.pop()).toBe('booked');
        expect(words.filter((each) => each === 'booked')).toHaveLength(KEYS);
        expect(words.filter((each) => each === 'replayed')).toHaveLength(KEYS);
        expect(words.filter((each) => each === 'IDEMPOTENCY_KEY_REUSED')).toHaveLength(2 * KEYS);
        const codes = processes
          .flatMap(({ failures }) => failures)
          .map((error) => (error as { code?: string }).code);
        expect(codes.filter((code) => code !== '23505')).toEqual([]);
        expect(await office.drifts()).toBe(0);
      },
    );
  }

  itUndistributed(
    'books one of them in one batch for many shows, beside another such batch',
    NOT_ON_CITUS,
    async () => {
      const shows = await Promise.all(
        Array.from({ length: 8 }, () => office.createShow({ totalSlots: 500 })),
      );
      const processes = [openProcess(), openProcess()];
      const keys = Array.from({ length: KEYS }, (_, n) => `batch ${n}`);
      const results = await Promise.allSettled(
        processes.flatMap(({ bookings }, i) =>
          keys.map((idempotencyKey, n) => {
            // The halves are different shows, so that neither batch waits for the other's locks.
            const { id: showId } = shows[i * 4 + ((n * (i + 3)) % 4)]!;
            return bookings.hold({ showId, userId, quantity: 1, idempotencyKey });
          }),
        ),
      );
      expect(await bookingsOf(keys)).toEqual(new Map(keys.map((key) => [key, 1])));
      expect(results.map(word).filter((each) => each === 'booked')).toHaveLength(KEYS);
      expect(await office.drifts()).toBe(0);
    },
  );

  itUndistributed(
    'is inserted in the order of all keys, so that two such batches cannot deadlock',
    NOT_ON_CITUS,
    async () => {
      const shows = await Promise.all([1, 2, 3].map(() => office.createShow()));
      const keys = Array.from({ length: 9 }, (_, n) => `sorted ${9 - n}`);
      const { bookings } = openProcess();
      await Promise.all(
        keys.map((idempotencyKey, n) =>
          bookings.hold({ showId: shows[n % 3]!.id, userId, quantity: 1, idempotencyKey }),
        ),
      );
      const rows = await office.database.query<{ key: string }>(
        `SELECT idempotency_key AS key FROM bookings WHERE idempotency_key = ANY($1) ORDER BY ctid`,
        [keys],
      );
      expect(rows.map(({ key }) => key)).toEqual(keys.toReversed());
    },
  );

  itUndistributed(
    'is left to the oldest booking by the migration, also beside a release that goes on',
    NOT_ON_CITUS,
    async () => {
      const shows = await Promise.all([1, 2, 3].map(() => office.createShow()));
      const runner = office.dataSource.createQueryRunner();
      const migration = new OneBookingPerKey1764700000000();
      await migration.down(runner);
      const book = (showId: string | undefined, key: string, age: number) =>
        office.database.query(
          `INSERT INTO bookings (show_id, id, reference, user_id, quantity, status, expires_at,
             version, idempotency_key, request_hash, created_at)
           VALUES ($1, gen_random_uuid(), substr(md5(random()::text), 1, 8), $2, 1, 'CANCELLED',
             now(), 1, $3, 'hash', now() - make_interval(mins => $4))`,
          [showId, userId, key, age],
        );
      for (const [i, { id }] of shows.entries()) await book(id, 'before', 10 - i);
      const query = runner.query.bind(runner);
      let attempts = 0;
      runner.query = (async (sql: string, ...more: never[]) => {
        if (sql.startsWith('CREATE UNIQUE INDEX') && ++attempts === 1) {
          for (const { id } of shows) await book(id, 'meanwhile', 0);
        }
        return query(sql, ...more) as Promise<unknown>;
      }) as typeof runner.query;
      await migration.up(runner);
      await runner.release();
      expect(attempts).toBe(2);
      expect(await bookingsOf(['before', 'meanwhile'])).toEqual(
        new Map([
          ['before', 1],
          ['meanwhile', 1],
        ]),
      );
      const [kept] = await office.database.query<{ show_id: string }>(
        `SELECT show_id FROM bookings WHERE idempotency_key = 'before'`,
      );
      expect(kept!.show_id).toBe(shows[0]!.id);
      await expect(book(shows[1]!.id, 'before', 0)).rejects.toMatchObject({ code: '23505' });
    },
  );
});
