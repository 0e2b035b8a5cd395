import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itUndistributed } from '../../../test/optional.js';
import { Cancel } from '../src/bookings/commands/cancel.js';
import { Confirm } from '../src/bookings/commands/confirm.js';
import { Hold } from '../src/bookings/commands/hold.js';
import { EditShow } from '../src/shows/commands/edit-show.js';
import type { LedgerCommand } from '../src/ledger/ledger-command.js';
import { BookingOffice, HOLD_SECONDS } from './support/booking-office.js';
import { expectWholeHistory } from './support/show-history.js';

describe('the history of a show', () => {
  let office: BookingOffice;
  let userId: string;
  beforeAll(async () => {
    office = await BookingOffice.open();
    userId = await office.createUser();
  });
  afterAll(() => office.close());

  it('has one event for every version, and replaying them gives the counters', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 20 });
    const actor = { userId, isAdmin: false };
    const keys = [];
    for (const quantity of [1, 2, 3, 4]) {
      const { booking } = await office.bookings.hold({ showId, userId, quantity });
      keys.push({ showId, bookingId: booking.id });
    }
    await office.bookings.confirm(keys[1]!, actor);
    await office.bookings.confirm(keys[2]!, actor);
    await office.bookings.reduce(keys[2]!, actor, 1);
    await office.bookings.cancel(keys[0]!, actor);
    await office.shows.edit(showId, { totalSlots: 30 }, null);
    await office.lapseHolds(showId);
    await office.newExpiry().sweep();
    await office.bookings.cancel(keys[1]!, actor);

    expect(await expectWholeHistory(office, showId)).toEqual([
      'show.created',
      ...Array<string>(4).fill('booking.held'),
      'booking.confirmed',
      'booking.confirmed',
      'booking.reduced',
      'booking.cancelled',
      'show.updated',
      'booking.expired',
      'booking.cancelled',
    ]);
  });

  it('records no event for a refusal', async () => {
    const { id: showId } = await office.createShow({ totalSlots: 1 });
    await expect(office.bookings.hold({ showId, userId, quantity: 2 })).rejects.toThrow();
    const rows = await office.database.query('SELECT 1 FROM outbox WHERE aggregate_id = $1', [
      showId,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('keeps a limit per person that is set in the same batch as the hold', async () => {
    const { id: showId } = await office.createShow();
    await office.bookings.hold({ showId, userId, quantity: 5 });
    const { outcomes } = await office.ledger.run([
      new EditShow(showId, { maxSlotsPerUser: 5 }, null),
      new Hold({ showId, userId, quantity: 1 }, HOLD_SECONDS),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'refused']);
  });

  itUndistributed(
    'is the same when many commands over several shows make one batch',
    'a batch has one show there',
    async () => {
      const shows = await Promise.all([
        office.createShow({ totalSlots: 5 }),
        office.createShow({ totalSlots: 100, maxSlotsPerUser: 3 }),
      ]);
      const users = await office.createUsers(10);
      const holds: LedgerCommand<unknown>[] = shows.flatMap(({ id: showId }) =>
        users.map((user, i) => {
          const idempotencyKey = `batch-${showId}-${Math.floor(i / 2)}`;
          return new Hold({ showId, userId: user, quantity: 1, idempotencyKey }, HOLD_SECONDS);
        }),
      );
      const twins = [users[0]!, users[0]!].map(
        (user) =>
          new Hold(
            { showId: shows[1].id, userId: user, quantity: 2, idempotencyKey: 'twin' },
            HOLD_SECONDS,
          ),
      );
      const nowhere = new Hold(
        { showId: '01900000-0000-7000-8000-000000000000', userId, quantity: 1 },
        HOLD_SECONDS,
      );
      const { outcomes } = await office.ledger.run([...holds, ...twins, nowhere]);
      const kinds = outcomes.map(({ kind }) => kind);
      expect(kinds.slice(0, 10)).toEqual([
        ...Array<string>(5).fill('done'),
        ...Array<string>(5).fill('refused'),
      ]);
      expect(kinds.slice(10)).toEqual([...Array<string>(12).fill('done'), 'refused']);
      // 10 of one slot each, and one of two made by the first twin alone.
      expect((await office.counters(shows[1].id)).held).toBe(12);
      expect(await office.drifts()).toBe(0);

      const made = outcomes.flatMap((outcome) =>
        outcome.kind === 'done'
          ? [(outcome.value as { booking: { showId: string; id: string; userId: string } }).booking]
          : [],
      );
      const commands = made.slice(0, 6).flatMap(({ showId, id: bookingId, userId: owner }) => {
        const actor = { userId: owner, isAdmin: false };
        return [
          new Confirm({ showId, bookingId }, actor),
          new Confirm({ showId, bookingId }, actor),
          new Cancel({ showId, bookingId }, actor),
        ];
      });
      const second = await office.ledger.run(commands);
      expect(second.outcomes.every(({ kind }) => kind === 'done')).toBe(true);
      expect(await office.drifts()).toBe(0);
      for (const { id } of shows) await expectWholeHistory(office, id);
    },
  );
});
