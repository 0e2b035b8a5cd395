import { newId } from '../ids/new-id.js';
import type {
  BookingPayload,
  DomainEventPayloads,
  EventType,
} from '../outbox/domain-event-catalogue.js';
import { searchColumns } from '../shows/search-text.js';
import type { Show } from '../shows/show.entity.js';
import type { TraceParent } from '../tracing/tracing.js';
import { encodeBookingId } from '../bookings/booking-id.js';
import { SoldOutError } from '../bookings/booking-errors.js';
import { canMove, type BookingStatus, type CancelReason } from '../bookings/booking-status.js';
import { cancelledAt, reasonOnCancelledShow } from '../bookings/booking-view.js';
import type { Booking } from '../bookings/booking.entity.js';
import { isShort, reholdAt } from '../bookings/hold-limits.js';
import { MAX_RELEASED_PER_SHOW, pair, type ReadSet } from './read-set.js';

/** A domain event of one transition, to be written into the outbox. */
export interface NewEvent {
  readonly id: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly type: EventType;
  readonly payload: object;
  /** Set if tracing is on. */
  readonly traceParent: TraceParent | undefined;
}

/**
 * One show and the changes to it while its row is locked. All arithmetic on its counters is here,
 * one method for each kind of transition. Each transition takes a version and records a domain
 * event. Invariant: `available + held + confirmed = total` before and after every method.
 */
export class ShowAccount {
  readonly created = new Set<Booking>();
  /** Existing bookings with their status before the batch, which is the guard of their UPDATE. */
  readonly changed = new Map<Booking, BookingStatus>();
  readonly events: NewEvent[] = [];
  /** The columns that an edit changed, without the counters; null if there was no edit. */
  edited: Partial<Show> | null = null;
  deleted = false;
  /** The trace of the command that is being decided, if tracing is on. */
  cause: TraceParent | undefined;
  /** The last SOLD_OUT refusal, unless the show has changed since. */
  soldOut: SoldOutError | null = null;

  private readonly slotsTaken = new Map<string, number>();
  /** Users whose bookings released slots in this batch. */
  private readonly returners = new Set<string>();
  private readonly lapsed: Booking[];
  private readonly readToTheLimit: boolean;

  constructor(
    readonly show: Show,
    private readonly clock: Date,
    private readonly readSet: ReadSet,
  ) {
    this.lapsed = [...(readSet.lapsedHolds.get(show.id) ?? [])];
    this.readToTheLimit = this.lapsed.length >= MAX_RELEASED_PER_SHOW;
  }

  get touched(): boolean {
    return this.events.length > 0;
  }

  get bookedSlots(): number {
    return this.show.totalSlots - this.show.availableSlots;
  }

  /** Slots of one user that count against the limit per person. */
  slotsOfUser(userId: string): number {
    const before = this.readSet.slotsOfUser.get(pair(this.show.id, userId)) ?? 0;
    return before + (this.slotsTaken.get(userId) ?? 0);
  }

  /** Slots that one user holds, of all shows that the limit covers. */
  heldSlotsOfUser(userId: string): number {
    return this.readSet.heldSlotsOfUser.get(userId) ?? 0;
  }

  /** Whether bookings of the user released slots in this batch. */
  hasReturned(userId: string): boolean {
    return this.returners.has(userId);
  }

  /**
   * Until when the user may not hold slots again, because they are short and the user has given
   * back some; null if they may. Lapsed holds count as free, whether or not they were taken back.
   */
  waitsUntil(userId: string, holdMs: number): Date | null {
    const free = this.show.availableSlots + (this.readSet.lapsedSlots.get(this.show.id) ?? 0);
    if (!isShort(free, this.show.totalSlots)) return null;
    const givenBack = this.readSet.givenBack.get(pair(this.show.id, userId));
    const at = givenBack ? reholdAt(givenBack, holdMs) : null;
    return at && at > this.clock ? at : null;
  }

  /** The earliest expiry of a hold, or null. May still be that of a hold confirmed in this batch. */
  nextReleaseAt(): Date | null {
    if (this.show.heldSlots === 0) return null;
    const times = [...this.created]
      .filter((booking) => booking.status === 'PENDING')
      .map((booking) => booking.expiresAt.getTime());
    const known = this.readSet.nextReleaseAt.get(this.show.id);
    if (known) times.push(known.getTime());
    return times.length > 0 ? new Date(Math.min(...times)) : null;
  }

  refuseSoldOut(): SoldOutError {
    const { availableSlots, heldSlots } = this.show;
    const nextReleaseAt = this.nextReleaseAt();
    this.soldOut = new SoldOutError({ availableSlots, heldSlots, nextReleaseAt });
    return this.soldOut;
  }

  isLapsed(booking: Booking): boolean {
    return booking.status === 'PENDING' && booking.expiresAt <= this.clock;
  }

  /** A new hold; the caller has checked that the slots are free. */
  hold(booking: Booking): void {
    this.show.availableSlots -= booking.quantity;
    this.show.heldSlots += booking.quantity;
    this.count(booking.userId, booking.quantity);
    this.countHeld(booking.userId, booking.quantity);
    this.created.add(booking);
    booking.version = this.record('booking.held', payloadOf(booking, null));
  }

  confirm(booking: Booking): void {
    this.move(booking, 'CONFIRMED');
    booking.confirmedAt = this.clock;
    this.show.heldSlots -= booking.quantity;
    this.countHeld(booking.userId, -booking.quantity);
    booking.version = this.record('booking.confirmed', payloadOf(booking, 'PENDING'));
  }

  cancel(booking: Booking, reason: CancelReason): void {
    const from = booking.status;
    if (this.isLapsed(booking)) this.countLapsed(-booking.quantity);
    else {
      this.count(booking.userId, -booking.quantity);
      if (from === 'PENDING') this.countHeld(booking.userId, -booking.quantity);
    }
    this.move(booking, 'CANCELLED');
    booking.cancelReason = reason;
    if (reason === 'EXPIRED') booking.givenBackAt = booking.expiresAt;
    if (reason === 'USER') this.returners.add(booking.userId);
    // The moment since when readers see it as cancelled.
    booking.cancelledAt = cancelledAt(booking, this.show, reason) ?? this.clock;
    this.release(from, booking.quantity);
    const type = reason === 'EXPIRED' ? 'booking.expired' : 'booking.cancelled';
    booking.version = this.record(type, payloadOf(booking, from));
  }

  /** For a cancelled show: a hold that lapsed before the show was cancelled expires instead. */
  cancelWithShow(booking: Booking): void {
    this.cancel(booking, reasonOnCancelledShow(booking, this.show) ?? 'SHOW_CANCELLED');
  }

  /** Releases all but `quantity` slots. */
  reduce(booking: Booking, quantity: number): void {
    const released = booking.quantity - quantity;
    this.remember(booking);
    booking.quantity = quantity;
    this.count(booking.userId, -released);
    if (booking.status === 'PENDING') this.countHeld(booking.userId, -released);
    this.returners.add(booking.userId);
    this.release(booking.status, released);
    const payload = { ...payloadOf(booking, booking.status), releasedSlots: released };
    booking.version = this.record('booking.reduced', payload);
  }

  /** To be called before the holder releases slots of a hold that has not lapsed. */
  noteGivenBack(booking: Booking): void {
    const key = pair(booking.showId, booking.userId);
    const { lapsed = 0, returned = 0 } = this.readSet.givenBack.get(key) ?? {};
    // A booking counts once, however often it is reduced before it is cancelled.
    const once = booking.givenBackAt === null ? 1 : 0;
    this.readSet.givenBack.set(key, { lapsed, returned: returned + once, lastAt: this.clock });
    booking.givenBackAt = this.clock;
  }

  /** Takes back lapsed holds, oldest first, until `wanted` slots are free or none is left. */
  reclaim(wanted: number): void {
    while (this.show.availableSlots < wanted && this.expireOldest());
  }

  /** Takes back the oldest lapsed hold that was read; null if there is none. */
  expireOldest(): Booking | null {
    for (let hold = this.lapsed.shift(); hold; hold = this.lapsed.shift()) {
      // A command before this one in the batch may have cancelled it.
      if (hold.status !== 'PENDING') continue;
      this.cancel(hold, reasonOnCancelledShow(hold, this.show) ?? 'EXPIRED');
      return hold;
    }
    return null;
  }

  /** Whether there may be lapsed holds beyond those this transaction was allowed to read. */
  get mayHaveMoreLapsed(): boolean {
    return this.lapsed.length === 0 && this.readToTheLimit;
  }

  /** @param eventId the command fixes it before its first attempt */
  edit(
    changes: Partial<Show>,
    type: 'show.updated' | 'show.cancelled' | 'show.deleted',
    eventId = newId(),
  ): void {
    const { totalSlots } = changes;
    // The event carries the replaced values.
    const previous = replaced(this.show, changes);
    if (totalSlots !== undefined) {
      this.show.availableSlots += totalSlots - this.show.totalSlots;
    }
    Object.assign(this.show, changes, { updatedAt: this.clock });
    this.edited = { ...this.edited, ...changes, updatedAt: this.clock };
    if (type === 'show.updated') {
      this.edited.revision = ++this.show.revision;
      Object.assign(this.edited, searchColumns(this.show));
    }
    const { title, kind, venue, startsAt, timeZone, status, revision } = this.show;
    const payload = { title, kind, venue, startsAt, timeZone, status, revision };
    if (type === 'show.updated') this.record(type, { ...payload, previous }, eventId);
    else this.record(type, payload, eventId);
  }

  private release(from: BookingStatus, slots: number): void {
    this.show.availableSlots += slots;
    if (from === 'PENDING') this.show.heldSlots -= slots;
  }

  private move(booking: Booking, to: BookingStatus): void {
    if (!canMove(booking.status, to)) {
      throw new Error(`a booking cannot go from ${booking.status} to ${to}`);
    }
    this.remember(booking);
    booking.status = to;
  }

  private remember(booking: Booking): void {
    if (!this.created.has(booking) && !this.changed.has(booking)) {
      this.changed.set(booking, booking.status);
    }
  }

  private countHeld(userId: string, slots: number): void {
    this.readSet.heldSlotsOfUser.set(userId, this.heldSlotsOfUser(userId) + slots);
  }

  private countLapsed(slots: number): void {
    const known = this.readSet.lapsedSlots.get(this.show.id);
    if (known !== undefined) this.readSet.lapsedSlots.set(this.show.id, Math.max(0, known + slots));
  }

  private count(userId: string, slots: number): void {
    this.slotsTaken.set(userId, (this.slotsTaken.get(userId) ?? 0) + slots);
  }

  /** @returns the version that the transition takes */
  private record<Type extends EventType>(
    type: Type,
    payload: DomainEventPayloads[Type],
    id = newId(),
  ): number {
    this.soldOut = null;
    const { id: aggregateId, availableSlots, heldSlots, totalSlots } = this.show;
    const version = ++this.show.version;
    this.events.push({
      id,
      aggregateId,
      version,
      type,
      payload: { ...payload, occurredAt: this.clock, availableSlots, heldSlots, totalSlots },
      traceParent: this.cause,
    });
    return version;
  }
}

function payloadOf(booking: Booking, from: BookingStatus | null): BookingPayload {
  const { showId, id, reference, userId, quantity, status, cancelReason, expiresAt } = booking;
  const bookingId = encodeBookingId({ showId, bookingId: id });
  return { bookingId, reference, userId, quantity, from, status, cancelReason, expiresAt };
}

/** The current values that the changes replace. */
function replaced(show: Show, changes: Partial<Show>): Partial<Show> {
  const fields = Object.keys(changes) as (keyof Show)[];
  const different = fields.filter((field) => !isSame(show[field], changes[field]));
  return Object.fromEntries(different.map((field) => [field, show[field]]));
}

function isSame(one: unknown, other: unknown): boolean {
  return one instanceof Date && other instanceof Date
    ? one.getTime() === other.getTime()
    : one === other;
}
