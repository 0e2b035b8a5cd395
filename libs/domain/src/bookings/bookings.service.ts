import { isForeignKeyViolation } from '../database/database-errors.js';
import { unknownUser } from '../users/user-errors.js';
import type { Caller } from '../ledger/group-commit.js';
import type { BookingEngine } from '../ledger/booking-engine.js';
import type { BookingKey } from './booking-id.js';
import type { Actor, BookingResult } from './commands/booking-command.js';
import { Cancel } from './commands/cancel.js';
import { Confirm } from './commands/confirm.js';
import { Hold, type HoldRequest, type HoldResult } from './commands/hold.js';
import { Reduce } from './commands/reduce.js';
import type { HoldLimits } from './hold-limits.js';
import { SoldOutCache } from './sold-out-cache.js';

/** Hold, confirm, cancel, reduce: one ledger command each, skipped if its caller has gone. */
export class BookingsService {
  private readonly soldOut = new SoldOutCache();

  /**
   * @param holdSeconds how long a hold lasts on a show that does not say
   * @param limits of what one account holds; null for none
   */
  constructor(
    private readonly engine: BookingEngine,
    private readonly holdSeconds: number,
    private readonly limits: HoldLimits | null = null,
  ) {
    engine.changes.subscribe((change) => this.soldOut.update(change));
  }

  /**
   * @throws SHOW_NOT_FOUND, SHOW_CLOSED, NOT_OPEN_YET, LIMIT_PER_USER, TOO_MANY_HELD,
   *   REHOLD_TOO_SOON, SOLD_OUT, IDEMPOTENCY_KEY_REUSED, UNAUTHORIZED
   */
  async hold(request: HoldRequest, caller?: Caller): Promise<HoldResult> {
    // A request with a key may be a repetition, whose answer only the ledger knows.
    const refusal =
      request.idempotencyKey === undefined &&
      this.soldOut.refusal(request.showId, request.quantity);
    if (refusal) throw refusal;
    try {
      return await this.engine.execute(new Hold(request, this.holdSeconds, this.limits), caller);
    } catch (error) {
      // The show exists, since it is locked; so the user is missing.
      throw isForeignKeyViolation(error) ? unknownUser() : error;
    }
  }

  /** @throws BOOKING_NOT_FOUND, HOLD_EXPIRED, BOOKING_CANCELLED */
  confirm(key: BookingKey, actor: Actor, caller?: Caller): Promise<BookingResult> {
    return this.engine.execute(new Confirm(key, actor), caller);
  }

  /** @throws BOOKING_NOT_FOUND, CANCEL_CLOSED */
  cancel(key: BookingKey, actor: Actor, caller?: Caller): Promise<BookingResult> {
    return this.engine.execute(new Cancel(key, actor), caller);
  }

  /** @throws BOOKING_NOT_FOUND, BOOKING_CANCELLED, HOLD_EXPIRED, CANCEL_CLOSED, VALIDATION_FAILED */
  reduce(key: BookingKey, actor: Actor, quantity: number, caller?: Caller): Promise<BookingResult> {
    return this.engine.execute(new Reduce(key, actor, quantity), caller);
  }
}
