import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itUndistributed } from '../../../test/optional.js';
import { BookingOffice } from './support/booking-office.js';
import { RowCounter } from './support/row-counter.js';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

describe('the list of shows that are not over', () => {
  let office: BookingOffice;
  const now = new Date();
  const inHours = (hours: number) => new Date(now.getTime() + hours * HOUR_MS);
  /** A title, and hours from now: the start, the end, the end of the sale. */
  const SHOWS: [string, number, number | null, number | null][] = [
    ['the longest', -31 * DAY_HOURS + 0.1, 0.1, null],
    ['a fair', -48, 24, 23],
    ['a fair whose sale is over', -47, 24, -1],
    ['over', -3, -1, null],
    ['over this moment', -2, 0, null],
    ['started, without an end', -1, null, null],
    ['starts this moment', 0, null, null],
    ['later', 1, null, null],
    ['later, with an end', 2, 3, 2.5],
  ];
  beforeAll(async () => {
    office = await BookingOffice.open();
    for (const [title, start, end, closes] of SHOWS) {
      await office.createShow({
        title,
        startsAt: inHours(start),
        endsAt: end === null ? null : inHours(end),
        bookingClosesAt: closes === null ? null : inHours(closes),
      });
    }
  });
  afterAll(() => office.close());

  const titles = async (filter: object) => {
    const found = await office.showsReader.list(filter, 100);
    return found.map(({ show }) => show.title);
  };

  it('has the running ones first, each until its end', async () => {
    expect(await titles({ endsAfter: now })).toEqual([
      'the longest',
      'a fair',
      'a fair whose sale is over',
      'later',
      'later, with an end',
    ]);
    expect(await titles({ endsAfter: inHours(24) })).toEqual([]);
  });

  it('has those that sell among the available ones, running or not', async () => {
    expect(await titles({ endsAfter: now, availableAt: now })).toEqual([
      'a fair',
      'later',
      'later, with an end',
    ]);
  });

  it('goes on after each show in turn', async () => {
    const all = await office.showsReader.list({ endsAfter: now }, 100);
    for (const [i, { show }] of all.entries()) {
      const { startsAt, id } = show;
      const rest = await office.showsReader.list({ endsAfter: now }, 100, { startsAt, id });
      expect(rest.map((each) => each.show.id)).toEqual(
        all.slice(i + 1).map((each) => each.show.id),
      );
    }
  });

  itUndistributed(
    'is a range of the index, which tells what is over without its rows',
    'there its shards plan',
    async () => {
      await office.database.query(
        `INSERT INTO shows (id, title, kind, starts_at, ends_at, time_zone, total_slots,
           available_slots)
         SELECT gen_random_uuid(), 'A morning', 'DOCTOR', start, start + interval '1 hour', 'UTC', 1, 1
         FROM generate_series(1, 30000) AS n,
           LATERAL (SELECT now() + (n - 20000) * interval '2 minutes' AS start) AS at`,
      );
      await office.database.query('ANALYZE shows');
      const counter = RowCounter.on(office.dataSource, 'shows');
      const first = await office.showsReader.list({ endsAfter: new Date() }, 20);
      const { startsAt, id } = first.at(-2)!.show;
      await office.showsReader.list({ endsAfter: new Date() }, 20, { startsAt, id });
      counter.stop();
      const statements = [...counter.statements.values()];
      expect(statements).toHaveLength(2);
      for (const { sql, parameters } of statements) {
        expect(await counter.read(sql, parameters)).toBeLessThanOrEqual(21);
      }
    },
  );
});
