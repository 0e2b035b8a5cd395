import { expect } from '@jest/globals';
import { encodeBookingId } from '../../src/bookings/booking-id.js';
import type { BookingStatus } from '../../src/bookings/booking-status.js';
import type { EventType } from '../../src/outbox/outbox-event.entity.js';
import type { BookingOffice } from './booking-office.js';

interface Fact {
  version: number;
  type: EventType;
  payload: { bookingId?: string; quantity: number; totalSlots: number };
}

/** What a fact makes of its booking; one that is reduced stays what it was. */
const STATUS_AFTER: Partial<Record<EventType, BookingStatus>> = {
  'booking.held': 'PENDING',
  'booking.confirmed': 'CONFIRMED',
  'booking.cancelled': 'CANCELLED',
  'booking.expired': 'CANCELLED',
};

/**
 * Expects one fact for every version of the show, and that replaying them in that order gives the
 * counters each of them tells, and in the end the show's counters and every booking as they are.
 * Answers what kinds of facts they were.
 */
export async function expectWholeHistory(
  office: BookingOffice,
  showId: string,
): Promise<EventType[]> {
  const facts = await office.database.query<Fact>(
    'SELECT version, type, payload FROM outbox WHERE aggregate_id = $1 ORDER BY version',
    [showId],
  );
  const bookings = new Map<string, { status: BookingStatus; quantity: number; version: number }>();
  const slots = (status: BookingStatus) =>
    [...bookings.values()]
      .filter((booking) => booking.status === status)
      .reduce((sum, booking) => sum + booking.quantity, 0);
  let totalSlots = 0;
  const replayed = facts.map(({ type, payload }, i) => {
    const { bookingId, quantity } = payload;
    const version = i + 1;
    const fact: Record<string, unknown> = { version };
    if (bookingId === undefined) {
      totalSlots = payload.totalSlots;
    } else {
      const before = bookings.get(bookingId);
      const status = STATUS_AFTER[type] ?? before!.status;
      bookings.set(bookingId, { status, quantity, version });
      Object.assign(fact, { from: before?.status ?? null, status });
      if (type === 'booking.reduced') fact['releasedSlots'] = before!.quantity - quantity;
    }
    const heldSlots = slots('PENDING');
    const availableSlots = totalSlots - heldSlots - slots('CONFIRMED');
    return { ...fact, availableSlots, heldSlots, totalSlots };
  });
  expect(facts.map(({ version, payload }) => ({ version, ...payload }))).toMatchObject(replayed);

  expect(await office.show(showId)).toMatchObject({
    version: facts.length,
    availableSlots: totalSlots - slots('PENDING') - slots('CONFIRMED'),
    heldSlots: slots('PENDING'),
    totalSlots,
  });
  const rows = await office.database.query<{ id: string }>(
    'SELECT id, status, quantity, version FROM bookings WHERE show_id = $1',
    [showId],
  );
  const asStored = rows.map(
    ({ id, ...booking }) => [encodeBookingId({ showId, bookingId: id }), booking] as const,
  );
  expect(new Map(asStored)).toEqual(bookings);
  return facts.map(({ type }) => type);
}
