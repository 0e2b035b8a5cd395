import { isDistributed } from '../../../../test/citus-cluster.mjs';
import { BookingEngine } from '../../src/ledger/booking-engine.js';
import { Cancel } from '../../src/bookings/commands/cancel.js';
import { Confirm } from '../../src/bookings/commands/confirm.js';
import { Expire } from '../../src/bookings/commands/expire.js';
import { Hold } from '../../src/bookings/commands/hold.js';
import { Reduce } from '../../src/bookings/commands/reduce.js';
import type { LedgerCommand } from '../../src/ledger/ledger-command.js';
import { CancelShow } from '../../src/shows/commands/cancel-show.js';
import { EditShow } from '../../src/shows/commands/edit-show.js';
import { GROUP_COMMIT, HOLD_SECONDS, type BookingOffice } from './booking-office.js';
import { ShowModel, type Command, type ModelLimits, type Terms } from './show-model.js';

/** A user may fill a small show, and almost fill a large one. */
const LIMITS: ModelLimits = { maxHeldSlots: 19, isPerShow: isDistributed() };
const NO_BOOKING = 'ffffffff-ffff-4fff-8fff-ffffffffffff';

/**
 * An engine for the commands themselves: what may answer in front of it does not know that time is
 * moved. One lane makes one transaction of what is submitted at once, whichever show it is for.
 */
export async function openDesk(office: BookingOffice, users: number) {
  return {
    office,
    engine: new BookingEngine(office.ledger, { ...GROUP_COMMIT, lanes: 1 }),
    users: await office.createUsers(users),
  };
}

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** A show on the real ledger, and its model beside it. */
export class ModelledSale {
  private constructor(
    private readonly desk: Desk,
    readonly showId: string,
    readonly model: ShowModel,
  ) {}

  /** @param all the models of the run, to which it adds its own */
  static async open(desk: Desk, terms: Terms, all: ShowModel[]): Promise<ModelledSale> {
    const { opensAt, closesAt, cancelUntil, ...rest } = terms;
    const at = (seconds: number) => new Date(Date.now() + seconds * 1_000);
    const { id } = await desk.office.createShow({
      ...rest,
      bookingOpensAt: at(opensAt),
      bookingClosesAt: at(closesAt),
      cancelUntil: at(cancelUntil),
    });
    const model = new ShowModel(terms, LIMITS, all);
    all.push(model);
    return new ModelledSale(desk, id, model);
  }

  submit(command: Command): Promise<object> {
    return this.desk.engine.execute(this.ledgerCommand(command));
  }

  /** Moves the time of this show, by moving the times that decide into the past. */
  async moveClock(seconds: number): Promise<void> {
    const { desk, showId, model } = this;
    model.now += seconds;
    await desk.office.database.query(
      `UPDATE shows SET booking_opens_at = ${earlier('booking_opens_at')},
              booking_closes_at = ${earlier('booking_closes_at')},
              cancel_until = ${earlier('cancel_until')}, cancelled_at = ${earlier('cancelled_at')}
       WHERE id = $1`,
      [showId, seconds],
    );
    // Holds of one transaction lapse at once; a moment between them decides which is the oldest.
    await desk.office.database.query(
      `UPDATE bookings
       SET expires_at = ${earlier('expires_at', `+ array_position($3, id) * interval '1 ms'`)},
           given_back_at = ${earlier('given_back_at')}
       WHERE show_id = $1`,
      [showId, seconds, model.bookings.map(({ id }) => id)],
    );
  }

  /** The rows of its bookings, in the order of the model's. */
  bookings(): Promise<object[]> {
    const { desk, showId, model } = this;
    return desk.office.database.query(
      `SELECT id, quantity, status, cancel_reason AS "cancelReason" FROM bookings
       WHERE show_id = $1 ORDER BY array_position($2, id)`,
      [showId, model.bookings.map(({ id }) => id)],
    );
  }

  private ledgerCommand(command: Command): LedgerCommand<object> {
    const { showId } = this;
    const { users } = this.desk;
    if (command.do === 'edit') return new EditShow(showId, command.changes, null);
    if (command.do === 'expire') return new Expire(showId);
    if (command.do === 'cancel show') return new CancelShow(showId);
    if (command.do === 'hold') {
      const { user, quantity, key } = command;
      // A key's scope is its user, so the shows of a run must not share it.
      const idempotencyKey = key === null ? undefined : `${key} ${showId}`;
      return new Hold(
        { showId, userId: users[user]!, quantity, idempotencyKey },
        HOLD_SECONDS,
        LIMITS,
      );
    }
    const { id, user } = this.model.target(command.booking) ?? { id: NO_BOOKING, user: 0 };
    const key = { showId, bookingId: id };
    const actor = { userId: users[user]!, isAdmin: false };
    if (command.do === 'reduce') return new Reduce(key, actor, command.quantity);
    return command.do === 'confirm' ? new Confirm(key, actor) : new Cancel(key, actor);
  }
}

/** By `$2` seconds. Without a time zone, since with one it would depend on the session's, which Citus refuses. */
function earlier(column: string, more = ''): string {
  return `(${column} AT TIME ZONE 'UTC' - make_interval(secs => $2) ${more}) AT TIME ZONE 'UTC'`;
}
