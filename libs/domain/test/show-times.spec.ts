import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ShowFields } from '../src/shows/show-fields.js';
import { BookingOffice } from './support/booking-office.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = new Date('2031-10-24T18:00:00.500Z');
/** Relative to the start. */
const hours = (count: number) => new Date(START.getTime() + count * HOUR_MS);

describe('the times of a show', () => {
  let office: BookingOffice;
  let userId: string;
  beforeAll(async () => {
    office = await BookingOffice.open();
    userId = await office.createUser();
  });
  afterAll(() => office.close());

  const create = (fields: Partial<ShowFields> = {}) =>
    office.createShow({ startsAt: START, ...fields });
  const refused = (...paths: string[]) => ({
    code: 'VALIDATION_FAILED',
    details: { errors: paths.map((path) => expect.objectContaining({ path })) },
  });

  /** As rows may be that were written before there were such rules. */
  async function createOld(fields: Partial<ShowFields>): Promise<string> {
    const { id } = await create();
    const { endsAt = null, bookingOpensAt = null, bookingClosesAt = null } = fields;
    await office.database.query(
      `UPDATE shows SET ends_at = $2, booking_opens_at = $3, booking_closes_at = $4,
         cancel_until = $5 WHERE id = $1`,
      [id, endsAt, bookingOpensAt, bookingClosesAt, fields.cancelUntil ?? null],
    );
    return id;
  }

  const most = new Date(START.getTime() + 31 * DAY_MS);

  it.each<[string, Partial<ShowFields>]>([
    ['an end at the latest moment', { endsAt: most }],
    ['a sale until the end', { endsAt: hours(50), bookingClosesAt: hours(50) }],
    ['a sale until the start', { bookingClosesAt: START }],
    [
      'an opening while it runs',
      { endsAt: hours(9), bookingClosesAt: hours(9), bookingOpensAt: hours(8) },
    ],
    ['a cancellation until the start', { cancelUntil: START }],
  ])('may be: %s', async (_, fields) => {
    expect(await create(fields)).toMatchObject(fields);
  });

  it.each<[string, Partial<ShowFields>, string[]]>([
    ['an end at the start', { endsAt: START }, ['endsAt']],
    ['an end after 31 days', { endsAt: new Date(most.getTime() + 1) }, ['endsAt']],
    ['a sale after the start', { bookingClosesAt: hours(0.1) }, ['bookingClosesAt']],
    ['a sale after the end', { endsAt: hours(2), bookingClosesAt: hours(3) }, ['bookingClosesAt']],
    ['a cancellation after the start', { cancelUntil: hours(0.1) }, ['cancelUntil']],
    ['an opening at the start', { bookingOpensAt: START }, ['bookingOpensAt']],
    [
      'several at once',
      { endsAt: hours(-1), cancelUntil: hours(1), bookingOpensAt: hours(2) },
      ['endsAt', 'cancelUntil', 'bookingOpensAt'],
    ],
  ])('may not be: %s', async (_, fields, paths) => {
    await expect(create(fields)).rejects.toMatchObject(refused(...paths));
    const { id } = await create();
    await expect(office.shows.edit(id, fields, null)).rejects.toMatchObject(refused(...paths));
  });

  it('move with the start by the same amount, over a change of the clocks too', async () => {
    const { id } = await create({
      timeZone: 'Europe/Berlin',
      endsAt: hours(50),
      bookingOpensAt: hours(-100),
      bookingClosesAt: hours(49),
      cancelUntil: hours(-24),
    });
    // A week later clocks in Berlin have been set back.
    const edited = await office.shows.edit(id, { startsAt: hours(7 * 24) }, null);
    expect(edited).toMatchObject({
      startsAt: hours(7 * 24),
      endsAt: hours(7 * 24 + 50),
      bookingOpensAt: hours(-100),
      bookingClosesAt: hours(7 * 24 + 49),
      cancelUntil: hours(6 * 24),
    });
    expect(await office.show(id)).toMatchObject({ endsAt: edited.endsAt, version: 2 });
    const [event] = await office.database.query<{ payload: { previous: object } }>(
      `SELECT payload FROM outbox WHERE aggregate_id = $1 AND type = 'show.updated'`,
      [id],
    );
    expect(Object.keys(event!.payload.previous).toSorted()).toEqual([
      'bookingClosesAt',
      'cancelUntil',
      'endsAt',
      'startsAt',
    ]);
  });

  it('that the edit names are taken as they are, and null stays null', async () => {
    const { id } = await create({ endsAt: hours(2), cancelUntil: hours(-24) });
    const changes = { startsAt: hours(1), endsAt: hours(2), cancelUntil: null };
    expect(await office.shows.edit(id, changes, null)).toMatchObject({
      ...changes,
      bookingClosesAt: null,
    });
  });

  it('that cannot follow the start refuse the edit and say which', async () => {
    const { id } = await create({ bookingOpensAt: hours(-10), bookingClosesAt: hours(-1) });
    await expect(office.shows.edit(id, { startsAt: hours(-9) }, null)).rejects.toMatchObject(
      refused('bookingOpensAt'),
    );
    expect(await office.show(id)).toMatchObject({ startsAt: START, bookingClosesAt: hours(-1) });
  });

  it('that broke the rules before the edit count against it only where it names them', async () => {
    const old = { endsAt: hours(40 * 24), cancelUntil: hours(5), bookingClosesAt: hours(50 * 24) };
    const id = await createOld(old);
    await office.shows.edit(id, { title: 'New' }, null);
    await office.shows.edit(id, { title: 'As it was', startsAt: START, ...old }, null);
    expect(await office.shows.edit(id, { bookingOpensAt: hours(-9) }, null)).toMatchObject(old);
    expect(await office.shows.edit(id, { startsAt: hours(1) }, null)).toMatchObject({
      endsAt: hours(40 * 24 + 1),
      cancelUntil: hours(6),
    });
    await expect(office.shows.edit(id, { cancelUntil: hours(4) }, null)).rejects.toMatchObject(
      refused('cancelUntil'),
    );
    await expect(office.shows.edit(id, { endsAt: hours(39 * 24) }, null)).rejects.toMatchObject(
      refused('endsAt'),
    );
    const fixed = { endsAt: hours(3), bookingClosesAt: hours(2), cancelUntil: hours(1) };
    expect(await office.shows.edit(id, fixed, null)).toMatchObject(fixed);
  });

  describe('of a show with bookings', () => {
    const past = () => new Date(Date.now() - 1_000);
    const hold = (showId: string) => office.bookings.hold({ showId, userId, quantity: 1 });

    it('are not moved into the past', async () => {
      const { id } = await create();
      const { booking } = await hold(id);
      const move = () => office.shows.edit(id, { startsAt: past() }, null);
      const refusal = { code: 'START_IN_PAST', details: { bookedSlots: 1 } };
      await expect(move()).rejects.toMatchObject(refusal);
      const actor = { userId, isAdmin: false };
      await office.bookings.confirm({ showId: id, bookingId: booking.id }, actor);
      await expect(move()).rejects.toMatchObject(refusal);
      await office.bookings.cancel({ showId: id, bookingId: booking.id }, actor);
      await move();
    });

    it('may be, once its holds have lapsed or it is cancelled', async () => {
      const [lapsed, cancelled] = [await create(), await create()];
      await hold(lapsed.id);
      await office.lapseHolds(lapsed.id);
      await office.shows.edit(lapsed.id, { startsAt: past() }, null);
      expect(await office.counters(lapsed.id)).toMatchObject({ available: 10, held: 0 });
      await hold(cancelled.id);
      await office.shows.cancel(cancelled.id);
      await office.shows.edit(cancelled.id, { startsAt: past() }, null);
      expect(await office.drifts()).toBe(0);
    });

    it('may be edited otherwise after the start', async () => {
      const { id } = await create();
      await hold(id);
      await office.database.query('UPDATE shows SET starts_at = now() WHERE id = $1', [id]);
      const { startsAt } = await office.show(id);
      const endsAt = new Date(startsAt.getTime() + HOUR_MS);
      expect(await office.shows.edit(id, { startsAt, endsAt }, null)).toMatchObject({ endsAt });
    });

    it('are not moved into the past by an edit that races with the hold', async () => {
      for (let round = 0; round < 10; round++) {
        const { id } = await create();
        const outcomes = await Promise.allSettled([
          office.shows.edit(id, { startsAt: past() }, null),
          hold(id),
        ]);
        const losers = outcomes.filter(({ status }) => status === 'rejected');
        expect(losers).toHaveLength(1);
        expect((losers[0] as PromiseRejectedResult).reason.code).toMatch(
          /START_IN_PAST|SHOW_CLOSED/,
        );
      }
    });
  });

  describe('of a show that runs', () => {
    const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);

    it('leave it bookable until its sale closes', async () => {
      const running = { startsAt: ago(HOUR_MS), endsAt: ago(-HOUR_MS) };
      const open = await create({ ...running, bookingClosesAt: running.endsAt });
      expect(
        (await office.bookings.hold({ showId: open.id, userId, quantity: 1 })).booking,
      ).toBeTruthy();
      for (const fields of [{}, { bookingClosesAt: ago(1) }]) {
        const { id } = await create({ ...running, ...fields });
        await expect(
          office.bookings.hold({ showId: id, userId, quantity: 1 }),
        ).rejects.toMatchObject({ code: 'SHOW_CLOSED' });
      }
    });
  });
});
