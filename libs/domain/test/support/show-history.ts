import { expect } from '@jest/globals';
import { encodeBookingId } from '../../src/bookings/booking-id.js';
import type { BookingStatus } from '../../src/bookings/booking-status.js';
import type { EventType } from '../../src/outbox/domain-event-catalogue.js';
import type { BookingOffice } from './booking-office.js';

interface EventRow {
  version: number;
  type: EventType;
  payload: { bookingId?: string; quantity: number; totalSlots: number };
}

/** The status of the booking after an event; `booking.reduced` does not change it. */
const STATUS_AFTER: Partial<Record<EventType, BookingStatus>> = {
  'booking.held': 'PENDING',
  'booking.confirmed': 'CONFIRMED',
  'booking.cancelled': 'CANCELLED',
  'booking.expired': 'CANCELLED',
};

/**
 * Expects one event for every version of the show, and that replaying them in that order gives the
 * counters each of them tells, and in the end the show's counters and every booking as they are.
 * Answers what types the events have.
 */
export async function expectWholeHistory(
  office: BookingOffice,
  showId: string,
): Promise<EventType[]> {
  const events = await office.database.query<EventRow>(
    'SELECT version, type, payload FROM outbox WHERE aggregate_id = $1 ORDER BY version',
    [showId],
  );
  const bookings = new Map<string, { status: BookingStatus; quantity: number; version: number }>();
  const slots = (status: BookingStatus) =>
    [...bookings.values()]
      .filter((booking) => booking.status === status)
      .reduce((sum, booking) => sum + booking.quantity, 0);
  let totalSlots = 0;
  const replayed = events.map(({ type, payload }, i) => {
    const { bookingId, quantity } = payload;
    const version = i + 1;
    const expected: Record<string, unknown> = { version };
    if (bookingId === undefined) {
      totalSlots = payload.totalSlots;
    } else {
      const before = bookings.get(bookingId);
      const status = STATUS_AFTER[type] ?? before!.status;
      bookings.set(bookingId, { status, quantity, version });
      Object.assign(expected, { from: before?.status ?? null, status });
      if (type === 'booking.reduced') expected['releasedSlots'] = before!.quantity - quantity;
    }
    const heldSlots = slots('PENDING');
    const availableSlots = totalSlots - heldSlots - slots('CONFIRMED');
    return { ...expected, availableSlots, heldSlots, totalSlots };
  });
  expect(events.map(({ version, payload }) => ({ version, ...payload }))).toMatchObject(replayed);

  expect(await office.show(showId)).toMatchObject({
    version: events.length,
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
  return events.map(({ type }) => type);
}
