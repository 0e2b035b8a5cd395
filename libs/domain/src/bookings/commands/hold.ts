import { createHash } from 'node:crypto';
import { newId } from '../../ids/new-id.js';
import { sellingClosesAt } from '../../shows/show-schedule.js';
import type { Show } from '../../shows/show.entity.js';
import {
  idempotencyKeyReused,
  limitPerUser,
  notOpenYet,
  reholdTooSoon,
  showClosed,
  tooManyHeld,
} from '../booking-errors.js';
import { newBookingReference } from '../booking-reference.js';
import { Booking } from '../booking.entity.js';
import type { HoldLimits } from '../hold-limits.js';
import type { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { ReadRequests } from '../../ledger/read-set.js';
import { RunAgain, type LedgerCommand } from '../../ledger/ledger-command.js';
import type { ShowAccount } from '../../ledger/show-account.js';

export interface HoldRequest {
  showId: string;
  userId: string;
  /** Slots, 1 or more. */
  quantity: number;
  customer?: { name?: string; email?: string; phone?: string };
  idempotencyKey?: string;
}

export interface HoldResult {
  booking: Booking;
  show: Show;
  /** True if an earlier request with the same idempotency key made the booking. */
  replayed: boolean;
}

/** Takes slots from the counter for a limited time. */
export class Hold implements LedgerCommand<HoldResult> {
  readonly urgent = false;
  readonly showIds: readonly string[];
  private readonly requestHash: string | null;
  /** Fixed before the first attempt, so that a retry after a lost COMMIT finds its own booking. */
  private readonly bookingId = newId();

  /**
   * @param defaultHoldSeconds how long a hold lasts on a show that does not say
   * @param limits of what the account holds; null where none are to be kept
   */
  constructor(
    private readonly request: HoldRequest,
    private readonly defaultHoldSeconds: number,
    private readonly limits: HoldLimits | null = null,
  ) {
    this.showIds = [request.showId];
    this.requestHash = request.idempotencyKey === undefined ? null : hashOf(request);
  }

  need(requests: ReadRequests): void {
    const { showId, userId, quantity, idempotencyKey } = this.request;
    if (requests.outcomeUnknown) requests.booking(showId, this.bookingId);
    if (idempotencyKey !== undefined) requests.bookingByKey(userId, idempotencyKey, showId);
    requests.slotsOfUser(showId, userId);
    if (this.limits) requests.holdsOfUser(showId, userId);
    requests.slots(showId, quantity);
  }

  /** Slots that an account gives back are offered to other accounts first. */
  decidesLast(work: UnitOfWork): boolean {
    const { showId, userId } = this.request;
    return this.limits !== null && (work.find(showId)?.hasReturned(userId) ?? false);
  }

  /**
   * @throws SHOW_NOT_FOUND, SHOW_CLOSED, NOT_OPEN_YET, LIMIT_PER_USER, TOO_MANY_HELD,
   *   REHOLD_TOO_SOON, SOLD_OUT, IDEMPOTENCY_KEY_REUSED
   */
  decide(work: UnitOfWork): HoldResult {
    const earlier = this.earlierBooking(work);
    if (earlier) return earlier;
    const { showId, userId, quantity } = this.request;
    const account = work.account(showId);
    const { show } = account;
    checkSaleOpen(show, work.clock);
    if (show.maxSlotsPerUser !== null) {
      const booked = account.slotsOfUser(userId);
      if (booked + quantity > show.maxSlotsPerUser)
        throw limitPerUser(show.maxSlotsPerUser, booked);
    }
    if (this.limits) this.checkLimits(this.limits, account);
    reclaimLapsedHolds(account, quantity);
    if (show.availableSlots < quantity) throw account.refuseSoldOut();
    const booking = this.newBooking(show, work.clock);
    account.hold(booking);
    work.readSet.add(booking);
    return snapshot(booking, show, false);
  }

  private checkLimits({ maxHeldSlots }: HoldLimits, account: ShowAccount): void {
    const { userId, quantity } = this.request;
    const held = account.heldSlotsOfUser(userId);
    if (held + quantity > maxHeldSlots) throw tooManyHeld(held, maxHeldSlots);
    const retryAt = account.waitsUntil(userId, this.holdMs(account.show));
    if (retryAt) throw reholdTooSoon(retryAt);
  }

  private holdMs({ holdSeconds }: Show): number {
    return (holdSeconds ?? this.defaultHoldSeconds) * 1_000;
  }

  private earlierBooking(work: UnitOfWork): HoldResult | null {
    const { showId, userId, idempotencyKey } = this.request;
    const own = work.readSet.booking(showId, this.bookingId);
    const twin =
      idempotencyKey === undefined ? null : work.readSet.bookingByKey(userId, idempotencyKey);
    if (!own && twin && twin.requestHash !== this.requestHash) throw idempotencyKeyReused();
    const booking = own ?? twin;
    return booking && snapshot(booking, work.account(showId).show, !own);
  }

  private newBooking(show: Show, clock: Date): Booking {
    const { showId, userId, quantity, customer, idempotencyKey } = this.request;
    return Object.assign(new Booking(), {
      showId,
      id: this.bookingId,
      reference: newBookingReference(),
      userId,
      customerName: customer?.name ?? null,
      customerEmail: customer?.email ?? null,
      customerPhone: customer?.phone ?? null,
      quantity,
      status: 'PENDING' as const,
      cancelReason: null,
      expiresAt: new Date(clock.getTime() + this.holdMs(show)),
      confirmedAt: null,
      cancelledAt: null,
      checkedInAt: null,
      givenBackAt: null,
      version: 0,
      idempotencyKey: idempotencyKey ?? null,
      requestHash: this.requestHash,
      createdAt: clock,
    });
  }
}

/** A copy, because later commands of the batch may change the booking and the show. */
const snapshot = (booking: Booking, show: Show, replayed: boolean): HoldResult => ({
  booking: { ...booking },
  show: { ...show },
  replayed,
});

function checkSaleOpen(show: Show, clock: Date): void {
  if (show.status === 'CANCELLED' || clock >= sellingClosesAt(show)) throw showClosed();
  if (show.bookingOpensAt && clock < show.bookingOpensAt) {
    const milliseconds = show.bookingOpensAt.getTime() - clock.getTime();
    throw notOpenYet(show.bookingOpensAt, Math.ceil(milliseconds / 1_000));
  }
}

function reclaimLapsedHolds(account: ShowAccount, wanted: number): void {
  account.reclaim(wanted);
  if (account.show.availableSlots < wanted && account.mayHaveMoreLapsed) throw new RunAgain();
}

function hashOf({ showId, quantity, customer }: HoldRequest): string {
  const { name = null, email = null, phone = null } = customer ?? {};
  return createHash('sha256')
    .update(JSON.stringify([showId, quantity, name, email, phone]))
    .digest('base64url');
}
