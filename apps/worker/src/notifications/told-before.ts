import type { ToldNotification, ToldState } from '@modex/domain';
import { planFrom, type ShowPlan } from './show-plan.js';

/** What somebody knows of a show and of their bookings of it from earlier messages. */
export class ToldBefore {
  /** Newest first. */
  private readonly states: ToldState[];

  constructor(private readonly notifications: readonly ToldNotification[]) {
    this.states = notifications
      .flatMap(({ told }) => (told === null ? [] : [told]))
      .toSorted((a, b) => b.version - a.version);
  }

  /** Null if they were told nothing of the show, or by an earlier release, which kept no plan. */
  get plan(): Partial<ShowPlan> | null {
    return this.states[0] ? planFrom(this.states[0].plan) : null;
  }

  /**
   * The slots of a booking, 0 if they know that it was cancelled. Null: they were told nothing of it;
   * NaN: an earlier release told them of it.
   */
  slotsOf(bookingId: string): number | null {
    const state = this.states.find(({ bookings }) => bookingId in bookings);
    if (state) return state.bookings[bookingId]!;
    const kinds = this.notifications
      .filter((each) => each.bookingId === bookingId && each.status === 'SENT')
      .map(({ kind }) => kind);
    if (kinds.some((kind) => kind.endsWith('_CANCELLED'))) return 0;
    return kinds.some((kind) => kind !== 'HOLD_MADE') ? NaN : null;
  }

  /** The last message about a booking, or about a change of the show; null if there was none. */
  lastSentAt(bookingId: string | null): Date | null {
    const times = this.notifications
      .filter(({ kind, bookingId: about, told }) => {
        if (bookingId === null) return kind === 'SHOW_CHANGED';
        return kind !== 'HOLD_MADE' && (about === bookingId || bookingId in (told?.bookings ?? {}));
      })
      .flatMap(({ sentAt }) => (sentAt === null ? [] : [sentAt.getTime()]));
    return times.length === 0 ? null : new Date(Math.max(...times));
  }
}
