import type { BookingStatus, CancelReason } from '../../src/bookings/booking-status.js';

/** Times are seconds on the model's clock, which starts at 0. */
export interface Terms {
  totalSlots: number;
  /** null: no limit. */
  maxSlotsPerUser: number | null;
  holdSeconds: number;
  opensAt: number;
  closesAt: number;
  cancelUntil: number;
}

/** `user` is one of a few; `booking` counts back from the newest before the batch. */
export type Command =
  | { do: 'hold'; user: number; quantity: number; key: string | null }
  | { do: 'confirm'; booking: number }
  | { do: 'cancel'; booking: number }
  | { do: 'reduce'; booking: number; quantity: number }
  | { do: 'edit'; changes: Partial<Pick<Terms, 'totalSlots' | 'maxSlotsPerUser' | 'holdSeconds'>> }
  | { do: 'expire' }
  | { do: 'cancel show' };

type Of<Kind> = Extract<Command, { do: Kind }>;

/** What must be found in the settled promise of a command. */
export type Answer =
  | { status: 'fulfilled'; value: Record<string, unknown> }
  | { status: 'rejected'; reason: { code: string; details: object } };

interface ModelBooking {
  id: string;
  user: number;
  key: string | null;
  /** The quantity that was asked for, which the key stands for. */
  asked: number;
  quantity: number;
  status: BookingStatus;
  cancelReason: CancelReason | null;
  expiresAt: number;
  /** When its user last cancelled or reduced it while it was held. */
  returnedAt: number | null;
}

/** Most slots that one user holds, of all shows together or, where they are sharded, of each. */
export interface ModelLimits {
  maxHeldSlots: number;
  isPerShow: boolean;
}

const done = (value: Record<string, unknown>): Answer => ({ status: 'fulfilled', value });
const refused = (code: string, details = {}): Answer => ({
  status: 'rejected',
  reason: { code, details },
});
const slots = (bookings: ModelBooking[]) => bookings.reduce((sum, each) => sum + each.quantity, 0);
const isUrgent = (command: Command) => ['confirm', 'cancel', 'reduce'].includes(command.do);

/**
 * The rules of one show's bookings as plainly as they can be said: the bookings are all it keeps,
 * and its counters are sums over them.
 */
export class ShowModel {
  now = 0;
  readonly bookings: ModelBooking[] = [];
  private readonly terms: Terms;
  private version = 1;
  private cancelledAt: number | null = null;
  /** How many bookings there were before the batch. */
  private known = 0;
  /** Who gave back slots in this batch. */
  private readonly returners = new Set<number>();

  /** @param all the shows of a run, this one among them */
  constructor(
    terms: Terms,
    private readonly limits: ModelLimits,
    private readonly all: readonly ShowModel[],
  ) {
    this.terms = { ...terms };
  }

  /** What the row of the show must say. */
  get show() {
    const { totalSlots } = this.terms;
    const heldSlots = slots(this.bookings.filter(({ status }) => status === 'PENDING'));
    return {
      status: this.cancelledAt === null ? 'SCHEDULED' : 'CANCELLED',
      version: this.version,
      availableSlots: totalSlots - slots(this.active),
      heldSlots,
      totalSlots,
    };
  }

  /** What the row of a booking must say. */
  view({ id, quantity, status, cancelReason }: ModelBooking) {
    return { id, quantity, status, cancelReason };
  }

  target(booking: number): ModelBooking | undefined {
    return this.bookings[this.known - 1 - (booking % this.known)];
  }

  /** Whether the rest of a batch comes before this: who gives slots back does not get them first. */
  decidesLast(command: Command): boolean {
    return command.do === 'hold' && this.returners.has(command.user);
  }

  endBatch(): void {
    this.known = this.bookings.length;
    this.returners.clear();
  }

  /** One pass of the worker. */
  sweep(): void {
    this.end(this.cancelledAt === null ? this.lapsed : this.active);
  }

  /** @param id the booking that the ledger answered */
  decide(command: Command, id: string): Answer {
    if (command.do === 'hold') return this.hold(command, id);
    if (command.do === 'edit') return this.edit(command);
    if (command.do === 'expire') return done({ expiredHolds: this.end(this.lapsed) });
    if (command.do === 'cancel show') return this.cancelShow();
    const booking = this.target(command.booking);
    if (!booking) return refused('BOOKING_NOT_FOUND');
    const code = command.do === 'cancel' ? this.cancel(booking) : this.change(booking, command);
    return code ? refused(code) : this.doneWith(booking);
  }

  private hold({ user, quantity, key }: Of<'hold'>, id: string): Answer {
    const { opensAt, closesAt, maxSlotsPerUser, holdSeconds } = this.terms;
    const own = this.bookings.filter((each) => each.user === user);
    const twin = own.find((each) => key !== null && each.key === key);
    if (twin && twin.asked !== quantity) return refused('IDEMPOTENCY_KEY_REUSED');
    if (twin) return this.doneWith(twin, { replayed: true });
    if (this.cancelledAt !== null || this.now >= closesAt) return refused('SHOW_CLOSED');
    if (this.now < opensAt) return refused('NOT_OPEN_YET');
    const bookedSlots = slots(own.filter((each) => this.isActive(each) && !this.isLapsed(each)));
    if (maxSlotsPerUser !== null && bookedSlots + quantity > maxSlotsPerUser) {
      return refused('LIMIT_PER_USER', { bookedSlots });
    }
    const { maxHeldSlots, isPerShow } = this.limits;
    const shows = isPerShow ? [this] : this.all;
    const held = shows.reduce((sum, show) => sum + show.heldBy(user), 0);
    if (held + quantity > maxHeldSlots) return refused('TOO_MANY_HELD', { held });
    if (this.isShort && this.now < this.reholdAt(user)) return refused('REHOLD_TOO_SOON');
    this.takeBack(quantity);
    const { availableSlots, heldSlots } = this.show;
    if (availableSlots < quantity) return refused('SOLD_OUT', { availableSlots, heldSlots });
    const booking: ModelBooking = {
      id,
      user,
      key,
      asked: quantity,
      quantity,
      status: 'PENDING',
      cancelReason: null,
      expiresAt: this.now + holdSeconds,
      returnedAt: null,
    };
    this.bookings.push(booking);
    this.version += 1;
    return this.doneWith(booking, { replayed: false });
  }

  private edit({ changes }: Of<'edit'>): Answer {
    const { totalSlots } = this.terms;
    const fewer = totalSlots - (changes.totalSlots ?? totalSlots);
    if (fewer > 0) this.takeBack(fewer);
    const bookedSlots = slots(this.active);
    if (fewer > totalSlots - bookedSlots) return refused('CAPACITY_BELOW_BOOKED', { bookedSlots });
    if (Object.keys(changes).length > 0) this.version += 1;
    Object.assign(this.terms, changes);
    return done(this.show);
  }

  private cancelShow(): Answer {
    if (this.cancelledAt === null) this.version += 1;
    this.cancelledAt ??= this.now;
    // A hold made in the same batch is left to the worker.
    this.end(this.bookings.slice(0, this.known).filter((each) => this.isActive(each)));
    return done({ show: this.show });
  }

  private cancel(booking: ModelBooking): string | null {
    if (booking.status === 'CANCELLED') return null;
    if (this.reasonToEnd(booking) === 'USER') {
      if (this.isTooLate(booking)) return 'CANCEL_CLOSED';
      this.giveBack(booking);
    }
    this.end([booking]);
    return null;
  }

  private change(booking: ModelBooking, command: Of<'confirm' | 'reduce'>): string | null {
    if (booking.status === 'CANCELLED') {
      return booking.cancelReason === 'EXPIRED' ? 'HOLD_EXPIRED' : 'BOOKING_CANCELLED';
    }
    if (this.cancelledAt !== null) return 'BOOKING_CANCELLED';
    if (this.isLapsed(booking)) return 'HOLD_EXPIRED';
    if (command.do === 'confirm') {
      if (booking.status === 'PENDING') this.version += 1;
      booking.status = 'CONFIRMED';
      return null;
    }
    if (command.quantity > booking.quantity) return 'VALIDATION_FAILED';
    if (command.quantity === booking.quantity) return null;
    if (this.isTooLate(booking)) return 'CANCEL_CLOSED';
    this.giveBack(booking);
    booking.quantity = command.quantity;
    this.version += 1;
    return null;
  }

  private giveBack(booking: ModelBooking): void {
    this.returners.add(booking.user);
    if (booking.status === 'PENDING') booking.returnedAt = this.now;
  }

  private heldBy(user: number): number {
    const isHeld = (each: ModelBooking) => each.status === 'PENDING' && !this.isLapsed(each);
    return slots(this.bookings.filter((each) => each.user === user && isHeld(each)));
  }

  /** What has lapsed is free, whether or not it was taken back. */
  private get isShort(): boolean {
    return (this.show.availableSlots + slots(this.lapsed)) * 10 < this.terms.totalSlots;
  }

  private reholdAt(user: number): number {
    const hasLapsed = (each: ModelBooking) =>
      this.isLapsed(each) || each.cancelReason === 'EXPIRED';
    const own = this.bookings.filter((each) => each.user === user);
    const lapsed = own.filter(hasLapsed);
    const returned = own.filter((each) => each.returnedAt !== null && !hasLapsed(each));
    // The first that was returned in time is free.
    const counted = lapsed.length + Math.max(0, returned.length - 1);
    if (counted === 0) return -Infinity;
    const last = Math.max(
      ...lapsed.map(({ expiresAt }) => expiresAt),
      ...returned.map(({ returnedAt }) => returnedAt!),
    );
    return last + Math.min(1, 2 ** counted / 8) * this.terms.holdSeconds;
  }

  /** Takes back lapsed holds, oldest first, until so many slots are free or none is left. */
  private takeBack(wanted: number): void {
    for (const hold of this.lapsed) {
      if (this.show.availableSlots < wanted) this.end([hold]);
    }
  }

  private end(bookings: ModelBooking[]): number {
    for (const booking of bookings) {
      booking.cancelReason = this.reasonToEnd(booking);
      booking.status = 'CANCELLED';
      this.version += 1;
    }
    return bookings.length;
  }

  private reasonToEnd({ status, expiresAt }: ModelBooking): CancelReason {
    const lapsed = status === 'PENDING' && expiresAt <= (this.cancelledAt ?? this.now);
    if (lapsed) return 'EXPIRED';
    return this.cancelledAt === null ? 'USER' : 'SHOW_CANCELLED';
  }

  private isActive({ status }: ModelBooking): boolean {
    return status !== 'CANCELLED';
  }

  private isLapsed({ status, expiresAt }: ModelBooking): boolean {
    return status === 'PENDING' && expiresAt <= this.now;
  }

  private isTooLate({ status }: ModelBooking): boolean {
    return status === 'CONFIRMED' && this.now >= this.terms.cancelUntil;
  }

  private get active(): ModelBooking[] {
    return this.bookings.filter((each) => this.isActive(each));
  }

  /** Oldest first; of those that are as old, the first made. */
  private get lapsed(): ModelBooking[] {
    const lapsed = this.bookings.filter((each) => this.isLapsed(each));
    return lapsed.toSorted((one, other) => one.expiresAt - other.expiresAt);
  }

  private doneWith(booking: ModelBooking, more: object = {}): Answer {
    return done({ booking: this.view(booking), show: this.show, ...more });
  }
}

/** A command, the show that it is for, and the booking that the ledger answered. */
export interface Submitted {
  show: ShowModel;
  command: Command;
  id: string | undefined;
}

/**
 * Decides commands that share a transaction: urgent ones first, then the others, those of shows with
 * urgent ones before the rest; each time the shows in turn, and within a show as they came. Last are
 * those that let the others go first.
 */
export function decideBatch(submitted: readonly Submitted[]): Answer[] {
  const answers: Answer[] = [];
  const last: Submitted[] = [];
  const decide = (each: Submitted) => {
    answers[submitted.indexOf(each)] = each.show.decide(each.command, each.id ?? '');
  };
  const urgent = submitted.filter(({ command }) => isUrgent(command));
  const usual = submitted.filter(({ command }) => !isUrgent(command));
  const shows = [...new Set([...urgent, ...usual].map(({ show }) => show))];
  for (const each of [...inTurn(shows, urgent), ...inTurn(shows, usual)]) {
    if (each.show.decidesLast(each.command)) last.push(each);
    else decide(each);
  }
  for (const each of last) decide(each);
  for (const show of shows) show.endBatch();
  return answers;
}

function inTurn(shows: readonly ShowModel[], submitted: readonly Submitted[]): Submitted[] {
  const queues = shows.map((of) => submitted.filter(({ show }) => show === of));
  return submitted.flatMap((_, round) => queues.flatMap((queue) => queue[round] ?? []));
}
