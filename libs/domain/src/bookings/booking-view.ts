import type { Show } from '../shows/show.entity.js';
import { encodeBookingId } from './booking-id.js';
import type { BookingStatus, CancelReason } from './booking-status.js';
import type { Booking } from './booking.entity.js';

/** A lapsed hold that the ledger has not expired yet reads as PENDING for this long. Milliseconds. */
export const EXPIRY_GRACE_MS = 10_000;

/** A booking in the public API. Times are ISO 8601 in UTC. */
export interface BookingView {
  id: string;
  reference: string;
  version: number;
  showId: string;
  show: Pick<Show, 'title' | 'kind' | 'venue' | 'timeZone'> & {
    startsAt: string;
    endsAt: string | null;
  };
  quantity: number;
  status: BookingStatus;
  cancelReason: CancelReason | null;
  expiresAt: string;
  /** Whole seconds until the hold expires; 0 for everything that is not a running hold. */
  secondsToExpiry: number;
  confirmedAt: string | null;
  cancelledAt: string | null;
  createdAt: string;
}

/** @param now the database's clock */
export function viewBooking(booking: Booking, show: Show, now: Date): BookingView {
  const read = readStatus(booking, show, now);
  return {
    id: encodeBookingId({ showId: booking.showId, bookingId: booking.id }),
    reference: booking.reference,
    version: booking.version,
    showId: booking.showId,
    show: {
      title: show.title,
      kind: show.kind,
      venue: show.venue,
      startsAt: show.startsAt.toISOString(),
      endsAt: show.endsAt?.toISOString() ?? null,
      timeZone: show.timeZone,
    },
    quantity: booking.quantity,
    status: read.status,
    cancelReason: read.cancelReason,
    expiresAt: booking.expiresAt.toISOString(),
    secondsToExpiry: read.status === 'PENDING' ? secondsToExpiry(booking, now) : 0,
    confirmedAt: booking.confirmedAt?.toISOString() ?? null,
    cancelledAt: read.cancelledAt?.toISOString() ?? null,
    createdAt: booking.createdAt.toISOString(),
  };
}

/** At most the length of the hold: `now` is measured, and may be a little before the hold's start. */
function secondsToExpiry({ expiresAt, createdAt }: Booking, now: Date): number {
  const since = Math.max(now.getTime(), createdAt.getTime());
  return Math.max(0, Math.ceil((expiresAt.getTime() - since) / 1_000));
}

/** When a booking was cancelled for this reason; null for USER, which takes effect when decided. */
export function cancelledAt(booking: Booking, show: Show, reason: CancelReason): Date | null {
  if (reason === 'EXPIRED') return booking.expiresAt;
  return reason === 'SHOW_CANCELLED' ? show.cancelledAt : null;
}

/**
 * What a booking of a cancelled show is cancelled for, also before the ledger has written it: a
 * hold that lapsed earlier expired. Null if the show is not cancelled or the booking already is.
 */
export function reasonOnCancelledShow(booking: Booking, show: Show): CancelReason | null {
  if (show.cancelledAt === null || booking.status === 'CANCELLED') return null;
  const lapsedBefore = booking.status === 'PENDING' && booking.expiresAt <= show.cancelledAt;
  return lapsedBefore ? 'EXPIRED' : 'SHOW_CANCELLED';
}

type ReadStatus = Pick<Booking, 'status' | 'cancelReason' | 'cancelledAt'>;

/** The status to show until the ledger has written it, where only one outcome is possible. */
function readStatus(booking: Booking, show: Show, now: Date): ReadStatus {
  const reason = reasonOnCancelledShow(booking, show);
  if (reason) return readAsCancelled(booking, show, reason);
  const lapsedFor = now.getTime() - booking.expiresAt.getTime();
  if (booking.status === 'PENDING' && lapsedFor >= EXPIRY_GRACE_MS) {
    return readAsCancelled(booking, show, 'EXPIRED');
  }
  return booking;
}

function readAsCancelled(booking: Booking, show: Show, reason: CancelReason): ReadStatus {
  const at = cancelledAt(booking, show, reason);
  return { status: 'CANCELLED', cancelReason: reason, cancelledAt: at };
}
